"""`wardlink bench alerts`: how soon a grave set on one cart is an alert on another.

Real devices on a real disk, a real broker, the server's own process. Each stay of a ward gets worse four times, so
that each gives four alerts.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from wardlink.clinical.alert_rules import AlertCode
from wardlink.clinical.vitals import VitalSet
from wardlink.credential import Credential
from wardlink.device import Device
from wardlink.errors import Unreachable
from wardlink.i18n import N_
from wardlink.messages.base import Actor
from wardlink.messages.vitals import RecordVitals
from wardlink.record.alerts import ALERT
from workbench.bench import brokers, hospital, load
from workbench.bench.brokers import SECRET, BrokerName, RunningBroker
from workbench.bench.figures import Goal, percentile
from workbench.bench.hospital import BEDS, CART, NURSE, OTHER_CART, Preload
from workbench.bench.ingest import prepare
from workbench.bench.machine import Machine, describe
from workbench.bench.sides import ACCOUNT, Ours

BOUND_MS = 500.0
"""What was asked for, of 99 of 100."""

_ALONE, _LOADED, _BEHIND = N_("nothing"), N_("1,332 sets a second"), N_("the cart catches up")
_LOAD_S = 30.0
_LONGEST_S = 60.0
_NO_ALERT = N_("After {timeout_s:g} seconds the cart still does not show the alert.")
_NOT_IN_STEP = N_("After {timeout_s:g} seconds the cart is still not in step.")

_WELL = {"temp_c": 36.8, "pulse_per_min": 72, "rr_per_min": 16, "sbp_mmhg": 122, "spo2_pct": 98, "acvpu": "A"}
_WORSE: tuple[tuple[AlertCode, dict[str, float]], ...] = (
    ("news2-red", {"rr_per_min": 25}),
    ("news2-medium", {"rr_per_min": 25, "pulse_per_min": 112}),
    ("value-critical", {"spo2_pct": 84}),
    ("news2-high", {"rr_per_min": 25, "pulse_per_min": 112, "spo2_pct": 91}),
)

Report = Callable[[str], None]
Step = tuple[str, str, AlertCode, RecordVitals]


@dataclass(frozen=True)
class Order:
    """What is asked of a run. `backlog`: changes that the second cart must catch up with."""

    folder: Path
    backlog: int = 12_000
    broker: BrokerName = "nats"


@dataclass(frozen=True)
class Reached:
    """How soon alerts were on the other cart, and after how long that was in step again, where it was not."""

    meanwhile: str
    alerts: int
    p50_ms: float
    p99_ms: float
    slowest_ms: float
    in_step_s: float | None = None


@dataclass(frozen=True)
class AlertsResult:
    """The whole measurement."""

    machine: Machine
    broker: str
    reached: list[Reached] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)


def measure(order: Order, report: Report = lambda _: None) -> AlertsResult:
    """Do the run.

    Raises:
        Unreachable: an alert did not come, or a cart was not in step again.
    """
    machine = describe(order.folder)
    accounts = [ACCOUNT, CART, OTHER_CART, *(gateway.device for gateway in hospital.gateways())]
    _, source = prepare(order.folder / "preloads", Preload(0), report)
    found: list[Reached] = []
    with RunningBroker(order.broker, order.folder / "broker", accounts) as broker:
        for name, run in ((_ALONE, _alone), (_LOADED, _loaded), (_BEHIND, _behind)):
            report(name)
            side = Ours(order.folder / f"run-{len(found)}", broker)
            hospital.copy(source, side.database)
            side.start()
            try:
                times_s, in_step_s = run(side, order.backlog)
            finally:
                side.stop()
            found.append(_reached(name, times_s, in_step_s))
    return AlertsResult(machine, brokers.version(order.broker), found, goals(found))


def goals(found: list[Reached]) -> list[Goal]:
    """What was asked of each."""
    return [Goal(f"{each.meanwhile}: p99, ms", each.p99_ms, "at most", BOUND_MS) for each in found]


def _reached(name: str, times_s: list[float], in_step_s: float | None) -> Reached:
    times_ms = [time_s * 1e3 for time_s in times_s]
    return Reached(name, len(times_ms), percentile(times_ms, 0.5), percentile(times_ms, 0.99), max(times_ms), in_step_s)


def _alone(side: Ours, _backlog: int) -> tuple[list[float], None]:
    with _Cart(side, CART) as nurse, _Cart(side, OTHER_CART) as other:
        return [_time_s(nurse, other, step) for step in _steps()], None


def _loaded(side: Ours, _backlog: int) -> tuple[list[float], None]:
    wards = hospital.gateways()
    port = side.broker.port
    # The monitors of the ward itself rest: what they say of a patient would be as true as what the nurse says.
    quiet = [gateway for gateway in wards if gateway.ward != wards[0].ward]
    with _Cart(side, CART) as nurse, _Cart(side, OTHER_CART) as other:
        running = threading.Thread(
            target=load.run, args=(quiet, "127.0.0.1", port), kwargs={"seconds": _LOAD_S, "per_s": float(BEDS)}
        )
        running.start()
        times_s = []
        for step in _steps():
            times_s.append(_time_s(nurse, other, step))
            if not running.is_alive():
                break
        running.join()
    return times_s, None


def _behind(side: Ours, backlog: int) -> tuple[list[float], float]:
    with _Cart(side, OTHER_CART):
        pass
    ward = hospital.gateways()[0]
    sent = 0
    while sent < backlog:
        sent += load.run([ward], "127.0.0.1", side.broker.port, seconds=1.0, in_flight=500).sent
    with _Cart(side, CART) as nurse:
        away = Device(side.folder / OTHER_CART, _credential(side, OTHER_CART))
        away.start()
        began_s = time.monotonic()
        try:
            _wait(lambda: away.status().online, _NOT_IN_STEP)
            times_s = []
            for step in _steps():
                times_s.append(_time_s(nurse, away, step))
                if away.replica.seq >= nurse.replica.seq - 1:
                    break
            _wait(lambda: away.replica.seq == nurse.replica.seq, _NOT_IN_STEP)
            return times_s, time.monotonic() - began_s
        finally:
            away.stop()


def _steps() -> Iterator[Step]:
    for code, worse in _WORSE:
        readings = VitalSet.model_validate(_WELL | {"o2_on": False} | worse)
        for stay, bed in hospital.gateways()[0].encounters:
            yield stay, bed, code, RecordVitals(readings=readings)


def _time_s(nurse: Device, other: Device, step: Step) -> float:
    stay, bed, code, body = step
    nurse.record("vitals.record", body, actor=Actor(kind="staff", id=NURSE), encounter=stay, bed=bed)
    began_s = time.monotonic()
    _wait(lambda: any(view.code == code for view in other.replica.records(ALERT, encounter=stay)), _NO_ALERT)
    return time.monotonic() - began_s


def _wait(reached: Callable[[], bool], sentence: str) -> None:
    until_s = time.monotonic() + _LONGEST_S
    while not reached():
        if time.monotonic() > until_s:
            raise Unreachable(sentence, timeout_s=_LONGEST_S)
        time.sleep(0.001)


class _Cart:
    """A cart that is in step inside the block."""

    def __init__(self, side: Ours, name: str) -> None:
        self._device = Device(side.folder / name, _credential(side, name))

    def __enter__(self) -> Device:
        self._device.start()
        _wait(lambda: self._device.status().synced_at is not None and self._device.status().online, _NOT_IN_STEP)
        return self._device

    def __exit__(self, *_: object) -> None:
        self._device.stop()


def _credential(side: Ours, name: str) -> Credential:
    return Credential(
        device=name,
        kind="cart",
        name=name,
        ward=hospital.gateways()[0].ward,
        secret=SecretStr(SECRET),
        broker_port=side.broker.port,
        server_url=f"http://127.0.0.1:{side.http_port}",
    )
