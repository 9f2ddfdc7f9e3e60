"""`wardlink bench catch-up`: a cart that comes out of a dead zone, with everything it recorded there.

A real device on a real disk, a real broker and the server's own process. While the cart is away the ward's
monitors go on, so that both directions have something to catch up with.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from wardlink.clinical.vitals import VitalSet
from wardlink.credential import Credential
from wardlink.device import Device, Entry
from wardlink.errors import Unreachable
from wardlink.i18n import N_
from wardlink.messages.base import Actor
from wardlink.messages.vitals import RecordVitals
from workbench.bench import brokers, hospital, load
from workbench.bench.brokers import SECRET, BrokerName, RunningBroker
from workbench.bench.figures import Goal, middle
from workbench.bench.hospital import CART, NURSE, Preload
from workbench.bench.ingest import prepare
from workbench.bench.machine import Machine, describe
from workbench.bench.rounds import NotStored
from workbench.bench.sides import ACCOUNT, Ours

AWAY = timedelta(hours=8)
BOUNDS_S = {2_000: 10.0, 50_000: 60.0}
"""Commands that wait, and how long it may take until the last one is answered."""

_AT_ONCE = 500
_LONGEST_S = 300.0
_NOT_IN_STEP = N_("After {timeout_s:g} seconds the cart is still not in step: {outbox} commands without a receipt.")

Report = Callable[[str], None]


@dataclass(frozen=True)
class Order:
    """What is asked of a run: how many commands wait, and how often each is tried."""

    folder: Path
    commands: tuple[int, ...] = (2_000, 50_000)
    rounds: int = 3
    broker: BrokerName = "nats"


@dataclass(frozen=True)
class CaughtUp:
    """One size, the median and the slowest of its rounds. `others`: changes of the ward that the cart missed."""

    commands: int
    others: int
    seconds: float
    slowest_s: float
    per_s: float


@dataclass(frozen=True)
class CatchUpResult:
    """The whole measurement."""

    machine: Machine
    broker: str
    rounds: int
    caught_up: list[CaughtUp] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)


def measure(order: Order, report: Report = lambda _: None) -> CatchUpResult:
    """Do the run.

    Raises:
        Unreachable: the cart did not come in step.
        NotStored: the cart was told that something is stored which is not.
    """
    machine = describe(order.folder)
    accounts = [ACCOUNT, CART, *(gateway.device for gateway in hospital.gateways())]
    found = []
    _, source = prepare(order.folder / "preloads", Preload(0), report)
    with RunningBroker(order.broker, order.folder / "broker", accounts) as broker:
        for commands in order.commands:
            tries = []
            for number in range(order.rounds):
                report(f"{commands:,} commands, round {number + 1}/{order.rounds}")
                side = Ours(order.folder / f"{commands}-{number}", broker)
                hospital.copy(source, side.database)
                tries.append(_once(side, commands))
            seconds = [tried_s for tried_s, _ in tries]
            others = round(middle(others for _, others in tries))
            found.append(CaughtUp(commands, others, middle(seconds), max(seconds), commands / middle(seconds)))
    return CatchUpResult(machine, brokers.version(order.broker), order.rounds, found, goals(found))


def goals(found: list[CaughtUp]) -> list[Goal]:
    """What was asked of the sizes that something was asked of."""
    return [
        Goal(f"{each.commands:,} commands: seconds until in step", each.seconds, "at most", BOUNDS_S[each.commands])
        for each in found
        if each.commands in BOUNDS_S
    ]


def _once(side: Ours, commands: int) -> tuple[float, int]:
    side.start()
    try:
        who = _credential(side)
        folder = side.folder / "cart"
        _in_step_s(Device(folder, who), side.database)
        ward = hospital.gateways()[0]
        others = load.run([ward], "127.0.0.1", side.broker.port, seconds=1.0, in_flight=50).sent
        away = Device(folder, who)
        _record(away, commands, away.clock.now() - AWAY)
        took_s = _in_step_s(away, side.database)
    finally:
        side.stop()
    stored = _count(side.database)
    if stored != commands:
        raise NotStored(name=CART, receipts=commands, stored=stored)
    return took_s, others


def _credential(side: Ours) -> Credential:
    return Credential(
        device=CART,
        kind="cart",
        name=CART,
        ward=hospital.gateways()[0].ward,
        secret=SecretStr(SECRET),
        broker_port=side.broker.port,
        server_url=f"http://127.0.0.1:{side.http_port}",
    )


def _record(device: Device, commands: int, start: datetime) -> None:
    stays = hospital.gateways()[0].encounters
    actor = Actor(kind="staff", id=NURSE)
    for first in range(0, commands, _AT_ONCE):
        entries = []
        for number in range(first, min(first + _AT_ONCE, commands)):
            stay, bed = stays[number % len(stays)]
            at = start + AWAY * number / commands
            entries.append(Entry("vitals.record", _set(number), actor, stay, bed, at))
        device.record_all(entries)


def _set(number: int) -> RecordVitals:
    readings = VitalSet(
        temp_c=36.5 + number % 10 / 10,
        pulse_per_min=60 + number % 40,
        rr_per_min=12 + number % 9,
        sbp_mmhg=110 + number % 30,
        dbp_mmhg=60 + number % 20,
        spo2_pct=94 + number % 6,
        o2_on=False,
        acvpu="A",
    )
    return RecordVitals(readings=readings)


def _in_step_s(device: Device, database: Path) -> float:
    # From the start of its connection until everything is answered and it holds what the server holds.
    started_s = time.monotonic()
    try:
        device.start()
        while True:
            status = device.status()
            waited_s = time.monotonic() - started_s
            if status.outbox == 0 and status.synced_at is not None and status.seq == _head(database):
                return waited_s
            if waited_s > _LONGEST_S:
                raise Unreachable(_NOT_IN_STEP, timeout_s=_LONGEST_S, outbox=status.outbox)
            time.sleep(0.05)
    finally:
        device.stop()


def _head(database: Path) -> int:
    ward = hospital.gateways()[0].ward
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    seq = db.execute("SELECT seq FROM ward WHERE id = ?", (ward,)).fetchone()[0]
    db.close()
    return int(seq)


def _count(database: Path) -> int:
    db = sqlite3.connect(database)
    found = db.execute("SELECT count(*) FROM change WHERE device = ? AND kind = 'vitals.recorded'", (CART,)).fetchone()[
        0
    ]
    db.close()
    return int(found)
