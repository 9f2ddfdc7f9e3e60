"""One fault run: sets the ward up, lets traffic and faults happen, heals everything, waits, and judges."""

from __future__ import annotations

import heapq
import os
import secrets
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from wardlink import credential as credentials
from wardlink.errors import Unreachable
from wardlink.i18n import N_
from wardlink.messages.encounters import Admit
from wardlink.process.child import Child, free_port
from workbench import ward
from workbench.faults import books, broker
from workbench.faults.breaking import Breaker
from workbench.faults.carts import Cart
from workbench.faults.plan import Fault, Record, plan
from workbench.faults.proxy import Cables
from workbench.faults.verdict import Verdict, judge

WARD = "w3"
CARTS = 4
STAYS = 8
EVENT_EVERY_S = 0.6
MOST_PER_S = 100.0
START_TIMEOUT_S = 30.0
DRAIN_TIMEOUT_S = 120.0

_NOT_DRAINED = N_("After {timeout_s:g} seconds without faults these carts are still not in step: {carts}")


@dataclass(frozen=True)
class Order:
    """What is asked of a run. `plant`: a bug to plant, to see whether the run finds it. No `kinds`: all faults."""

    commands: int
    events: int
    seed: int
    folder: Path
    plant: str | None = None
    kinds: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Result:
    """What came of it. `parked`: messages that the server could not take; `unpromised`: asked, and never saved."""

    verdict: Verdict
    drain_s: float
    run_s: float
    events: dict[str, int]
    unpromised: int
    parked: int


@dataclass
class _Agenda:
    """Things to heal, by the moment at which it is time."""

    due: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _count: int = 0

    def add(self, at_s: float, heal: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self.due, (at_s, self._count, heal))

    def work(self, now_s: float) -> None:
        while self.due and self.due[0][0] <= now_s:
            heapq.heappop(self.due)[2]()


class FaultRun:
    """One run. `go` does it all; use as a context manager so that nothing is left running."""

    def __init__(self, order: Order, report: Callable[[str], None] = lambda _: None) -> None:
        self._order = order
        self._report = report
        self._cables = Cables(order.seed)
        self._agenda = _Agenda()
        self._asked: dict[int, str] = {}
        self._broken_receipts: set[str] = set()
        self._events: Counter[str] = Counter()
        self._logs = order.folder / "logs"
        self._server_folder = order.folder / "server"
        self._set_up()

    def __enter__(self) -> FaultRun:
        return self

    def __exit__(self, *_: object) -> None:
        for child in [*(cart.process for cart in self._carts), self._server, self._broker]:
            child.kill()
        self._cables.close()

    def go(self) -> Result:
        """Do the run.

        Raises:
            Unreachable: a process did not start, or the carts did not come in step in the end.
        """
        self._start()
        began_s = time.monotonic()
        self._traffic(began_s)
        run_s = time.monotonic() - began_s
        drain_s = self._drain()
        return self._judge(run_s, drain_s)

    def _set_up(self) -> None:
        mqtt_port, http_port = free_port(), free_port()
        password = secrets.token_urlsafe(32)
        self._server_cable = self._cables.lay(mqtt_port)
        names = [f"c{number}" for number in range(1, CARTS + 1)]
        self._carts = [
            Cart(name, self._cables.lay(mqtt_port), self._cables.lay(http_port), self._order.folder / "journal.jsonl")
            for name in names
        ]
        built = build_ward(self._server_folder, names)
        self._stays = list(built.stays.values())
        accounts = {"server": password}
        for cart in self._carts:
            made = built.credentials[cart.name]
            accounts[cart.name] = made.secret.get_secret_value()
            own = made.model_copy(
                update={"broker_port": cart.mqtt.port, "server_url": f"http://127.0.0.1:{cart.http.port}"}
            )
            credentials.write(own, self._credential(cart))
        self._broker_folder = self._order.folder / "broker"
        self._broker = broker.broker(
            self._broker_folder,
            mqtt_port=mqtt_port,
            nats_port=free_port(),
            accounts=accounts,
            log=self._logs / "broker.log",
        )
        command = [sys.executable, "-m", "workbench.faults.server", "--data", str(self._server_folder)]
        command += ["--port", str(http_port), "--broker-port", str(self._server_cable.port)]
        command += self._plant()
        # Not on the command line: others could read it there, and one that begins with a dash would be an option.
        secret = {**os.environ, "WARDLINK_BROKER_PASSWORD": password}
        self._server = Child("server", command, log=self._logs / "server.log", environment=secret)

    def _plant(self) -> list[str]:
        return ["--plant", self._order.plant] if self._order.plant else []

    def _credential(self, cart: Cart) -> Path:
        return self._order.folder / "carts" / f"{cart.name}.json"

    def _start(self) -> None:
        self._broker.start()
        self._server.start()
        for cart in self._carts:
            command = [sys.executable, "-m", "workbench.faults.agent", "--credential", str(self._credential(cart))]
            command += ["--data", str(self._order.folder / "carts" / cart.name), *self._plant()]
            cart.launch(command, self._logs / f"{cart.name}.log")
        for cart in self._carts:
            # A replica that begins with the empty ward holds every change of the run.
            cart.process.wait_ready(partial(self._has_begun, cart), START_TIMEOUT_S)

    def _has_begun(self, cart: Cart) -> bool:
        self._broker.check()
        self._server.check()
        return cart.told is not None and cart.told.seq >= STAYS

    def _traffic(self, began_s: float) -> None:
        order = self._order
        every_s = max(1 / MOST_PER_S, order.events * EVENT_EVERY_S / order.commands)
        breaker = Breaker(
            cables=self._cables,
            carts=self._carts,
            server=self._server,
            server_cable=self._server_cable,
            broker=self._broker,
            wipe=lambda: broker.wipe(self._broker_folder),
            later=lambda in_s, heal: self._agenda.add(time.monotonic() + in_s, heal),
            server_killed=self._look_at_the_disk,
        )
        steps = plan(order.commands, order.events, order.seed, carts=CARTS, stays=STAYS, kinds=order.kinds)
        for step in steps:
            if isinstance(step, Record):
                self._record(step)
                self._wait_until(began_s + every_s * (step.token + 1))
                self._report(f"{step.token + 1}/{order.commands} · {self._events.total()}/{order.events}")
            else:
                while not breaker.do(step):
                    self._wait_until(time.monotonic() + 0.05)
                self._events[step.fault] += 1

    def _record(self, step: Record) -> None:
        stay = self._stays[step.stay]
        self._asked[step.token] = stay
        while True:
            for offset in range(CARTS):
                if self._carts[(step.cart + offset) % CARTS].record(step.token, stay):
                    return
            self._wait_until(time.monotonic() + 0.05)

    def _wait_until(self, at_s: float) -> None:
        while True:
            now_s = time.monotonic()
            self._agenda.work(now_s)
            if now_s >= at_s:
                return
            time.sleep(min(0.02, at_s - now_s))

    def _look_at_the_disk(self, claimed: set[str]) -> None:
        # Whatever a cart holds for answered must be there now: a receipt is a promise of the server.
        self._broken_receipts |= claimed - books.read(self._server_folder).answered

    def _drain(self) -> float:
        while self._agenda.due:
            self._wait_until(self._agenda.due[0][0])
        began_s = time.monotonic()
        while late := self._late():
            if time.monotonic() - began_s > DRAIN_TIMEOUT_S:
                raise Unreachable(_NOT_DRAINED, timeout_s=DRAIN_TIMEOUT_S, carts=", ".join(late))
            self._report(f"drain: {', '.join(late)}")
            time.sleep(0.1)
        return time.monotonic() - began_s

    def _late(self) -> list[str]:
        unanswered = [cart.name for cart in self._carts if not cart.is_answered]
        if unanswered:
            return unanswered
        head = max(books.read(self._server_folder).numbers)
        return [c.name for c in self._carts if c.told is None or c.told.seq < head]

    def _judge(self, run_s: float, drain_s: float) -> Result:
        replicas = {}
        for cart in self._carts:
            path = self._order.folder / f"{cart.name}.report.json"
            cart.process.say(f'{{"report": "{path}"}}')
            cart.process.wait_ready(partial(_has_reported, cart), START_TIMEOUT_S)
            replicas[cart.name] = cart.holds(path)
        self._server.stop()
        held = books.read(self._server_folder)
        promises = [promise for cart in self._carts for promise in cart.promises]
        verdict = judge(self._asked, promises, held.sets, held.numbers, replicas, self._broken_receipts)
        return Result(
            verdict=verdict,
            drain_s=round(drain_s, 2),
            run_s=round(run_s, 1),
            events=dict(sorted(self._events.items())),
            unpromised=len(self._asked.keys() - {promise.token for promise in promises}),
            parked=held.parked,
        )


def _has_reported(cart: Cart) -> bool:
    return cart.reported is not None


def build_ward(folder: Path, carts: list[str]) -> ward.BuiltWard:
    """A new ward in `folder` with these carts and a patient in each of its beds."""
    from server.core import Core
    from server.db import Database
    from server.migrate import upgrade
    from wardlink.clock import SystemClock

    folder.mkdir(parents=True, exist_ok=True)
    url = f"sqlite:///{folder / 'ward.db'}"
    upgrade(url)
    beds = [str(number) for number in range(1, STAYS + 1)]
    wanted = ward.WardPlan(
        ward=WARD,
        name="Faults",
        beds=[(bed, bed) for bed in beds],
        staff=[ward.StaffPlan("n-lijing", "李静", "nurse", "N1001", "2580")],
        devices=[ward.DevicePlan(name, "cart", name) for name in carts],
        patients=[
            Admit(
                admission_no=f"F{bed}",
                mrn=f"F{bed}",
                name=f"Fault {bed}",
                sex="unknown",
                birth_on=date(1960, 1, 1),
                bed=bed,
            )
            for bed in beds
        ],
    )
    core = Core(Database(url), SystemClock())
    try:
        return ward.build(core, wanted, ward.Addresses("127.0.0.1", 1, "http://127.0.0.1:1"))
    finally:
        core.db.close()
