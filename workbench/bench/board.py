"""`wardlink bench board`: how soon the board is there and shows what happens, and what fifty of them take.

The server is a process of its own with its pages, on a real broker; the board and the station are pages in Chromium,
the carts are real devices, the monitors and the other boards are processes of their own.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import Literal

from wardlink.errors import Unreachable
from wardlink.i18n import N_
from workbench.bench import board_ward, brokers, hospital
from workbench.bench.board_alarms import Seen, watch
from workbench.bench.board_browser import Chromium, browser_path, chromium
from workbench.bench.board_readers import Readers
from workbench.bench.board_ward import FROZEN, KILLED, Monitors, Paged
from workbench.bench.brokers import BrokerName, RunningBroker
from workbench.bench.figures import Goal, middle, paired_ratio, percentile
from workbench.bench.load import Gateway
from workbench.bench.machine import Machine, describe
from workbench.bench.sides import ACCOUNT

PAINT_S, CHANGE_MS, BOARDS_CORES = 1.5, 300.0, 0.2
ALARM_MS, STRESSED_ALARM_MS, LOST_S = 500.0, 2_000.0, 12.0
"""Goals. Source: issue of the ward's board, "How well"."""

USUAL, STRESS = N_("usual"), N_("stress")
"""A set a minute from every bed of the ward; and as many a second over the hospital as were asked for. In both a cart
raises alarms, four a second, and enters changes."""

_CHANGE, _STATION, _CART = N_("change on the board"), N_("alarm on the station"), N_("alarm on the other cart")
_KILLED, _FROZEN = N_("killed"), N_("frozen")

Part = Literal["boards", "paint", "shown", "lost"]
PARTS: tuple[Part, ...] = ("boards", "paint", "shown", "lost")

_FLOOR = "floor.html"
_NOT_SILENT = N_("After {seconds:g} seconds the board does not show the device as silent.")
_PATIENCE_S = 40.0

Report = Callable[[str], None]


@dataclass(frozen=True)
class Order:
    """What is asked of a run. `sets_per_s`: over all beds, under stress; `seconds`: of counting processor time.

    `alarms_per_s`, `changes_per_s`: from the nurse's cart, in both loads: a ward of sixty beds never has as many.
    """

    folder: Path
    beds: int = 60
    sets_per_s: int = 1_000
    boards: int = 50
    alarms: int = 1_000
    alarms_per_s: float = 4.0
    changes_per_s: float = 4.0
    rounds: int = 7
    seconds: float = 12.0
    broker: BrokerName = "nats"
    parts: Sequence[Part] = PARTS


@dataclass(frozen=True)
class Paint:
    """The board's first whole picture with an empty cache, and the same HTML as a plain file; medians."""

    ours_s: float
    floor_s: float
    times: float


@dataclass(frozen=True)
class Shown:
    """What was shown of what was said, and how soon: from the cart's disk until it stood there."""

    load: str
    what: str
    sent: int
    shown: int
    p50_ms: float
    p99_ms: float
    slowest_ms: float


@dataclass(frozen=True)
class Boards:
    """Processor time of the server, in cores, without and with the open boards, and what each was sent a second."""

    load: str
    boards: int
    without_cores: float
    with_cores: float
    frames_per_s: float
    kb_per_s: float

    @property
    def added_cores(self) -> float:
        """What the boards add."""
        return self.with_cores - self.without_cores


@dataclass(frozen=True)
class Lost:
    """After how long a device that was killed, or frozen, was shown as silent at its bed."""

    how: str
    seconds: float


@dataclass(frozen=True)
class BoardResult:
    """The whole measurement. `sets_per_s`: what the server took in under stress."""

    machine: Machine
    broker: str
    beds: int
    sets_per_s: float
    paint: Paint | None = None
    boards: list[Boards] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)


def measure(order: Order, report: Report = lambda _: None) -> BoardResult:
    """Do the run.

    Raises:
        Misconfigured: there is no Chromium.
        Unreachable: a process did not start, or a page did not show what it should.
    """
    browser_path()
    machine, wards = describe(order.folder), board_ward.wards(order.beds, order.sets_per_s)
    side_folder, source = order.folder / "run", order.folder / "ward.db"
    report("data")
    token = board_ward.make(source, wards)
    with RunningBroker(order.broker, order.folder / "broker", [ACCOUNT, *board_ward.accounts(wards)]) as broker:
        side = Paged(side_folder, broker)
        hospital.copy(source, side.database)
        side.start()
        try:
            report("the server's first round of the day")
            side.calm_down()
            return _Run(order, side, wards, token, machine, report).measure()
        finally:
            side.stop()


class _Run:
    def __init__(
        self, order: Order, side: Paged, wards: list[Gateway], token: str, machine: Machine, report: Report
    ) -> None:
        self.order, self.side, self.token, self.machine, self.report = order, side, token, machine, report
        self.ward = wards[0]
        self.beds_of_ward = {USUAL: [order.beds], STRESS: [len(each.encounters) for each in wards]}
        self.rates = {USUAL: order.beds / 60, STRESS: float(order.sets_per_s)}
        self.taken_in: list[float] = []
        self.steps = 0

    def measure(self) -> BoardResult:
        order, shown, paint = self.order, list[Shown](), None
        # First of all: nobody may look at the ward while the server is measured alone.
        boards = self._boards() if "boards" in order.parts else []
        lost: list[Lost] = []
        with chromium(self.side.url, self.token) as browser:
            if "paint" in order.parts:
                paint = self._paint(browser)
            if "shown" in order.parts:
                shown = [each for load in (USUAL, STRESS) for each in self._shown(browser, load)]
            if "lost" in order.parts:
                lost = self._lost(browser)
        return BoardResult(
            machine=self.machine,
            broker=brokers.version(order.broker),
            beds=order.beds,
            sets_per_s=middle(self.taken_in),
            paint=paint,
            boards=boards,
            shown=shown,
            lost=lost,
            goals=goals(paint, boards, shown, lost),
        )

    def _monitors(self, load: str) -> Monitors:
        return Monitors(self.side, self.beds_of_ward[load], self.rates[load])

    def _note(self, load: str, monitors: Monitors) -> None:
        if load == STRESS:
            self.taken_in.append(monitors.sent().per_s)

    def _paint(self, browser: Chromium) -> Paint:
        ours, floor = list[float](), list[float]()
        address, beds = f"{self.side.url}/board/?ward={self.ward.ward}", self.order.beds
        # The first time the page framework is loaded on the server; nobody waits for that a second time.
        _took, html = browser.painted_ms(address, beds)
        (self.side.beside / _FLOOR).write_text(plain(html))
        for number in range(1, self.order.rounds + 1):
            self.report(f"first paint {number}/{self.order.rounds}")
            floor.append(browser.painted_ms(self.side.address(_FLOOR), beds)[0] / 1e3)
            ours.append(browser.painted_ms(address, beds)[0] / 1e3)
        return Paint(middle(ours), middle(floor), paired_ratio(ours, floor))

    def _boards(self) -> list[Boards]:
        alone: dict[str, float] = {}
        found = []
        for load in (USUAL, STRESS):
            self.report(f"processor without boards, {load}")
            with self._monitors(load) as monitors:
                alone[load] = self._cores()
                self._note(load, monitors)
        with Readers(self.side.folder, self.side.url, self.ward.ward, self.token, self.order.boards) as readers:
            for load in (USUAL, STRESS):
                self.report(f"processor with {self.order.boards} boards, {load}")
                with self._monitors(load) as monitors:
                    before, began_s = readers.counted(), time.monotonic()
                    cores = self._cores()
                    after, took_s = readers.counted(), time.monotonic() - began_s
                    self._note(load, monitors)
                a_board_s = took_s * self.order.boards
                frames, kb = (after.frames - before.frames) / a_board_s, (after.bytes - before.bytes) / a_board_s / 1e3
                found.append(Boards(load, self.order.boards, alone[load], cores, frames, kb))
        return found

    def _cores(self) -> float:
        """Cores of the server over the seconds of the order, after a moment for what has just begun."""
        time.sleep(min(2.0, self.order.seconds))
        cpu_s, began_s = self.side.cpu_s(), time.monotonic()
        time.sleep(self.order.seconds)
        return (self.side.cpu_s() - cpu_s) / (time.monotonic() - began_s)

    def _shown(self, browser: Chromium, load: str) -> list[Shown]:
        order = self.order
        with self._monitors(load) as monitors:
            seen = watch(
                self.side,
                browser,
                self.ward,
                alarms=order.alarms,
                alarms_per_s=order.alarms_per_s,
                changes_per_s=order.changes_per_s,
                first_step=self.steps,
                report=lambda n: self.report(f"{load}: alarm {n}/{order.alarms}"),
            )
            self._note(load, monitors)
        self.steps += ceil(seen.changes_sent / order.beds)
        return _shown_of(load, seen)

    def _lost(self, browser: Chromium) -> list[Lost]:
        self.report("lost devices")
        beds = dict(zip((KILLED, FROZEN), (bed for _stay, bed in self.ward.encounters), strict=False))
        children = {name: self.side.terminal(name, bed) for name, bed in beds.items()}
        try:
            with browser.devices(self.ward.ward) as board:
                for child in children.values():
                    child.start()
                self._until(lambda: all(board.seen().get(name) == 0 for name in beds), board.pause)
                children[FROZEN].signal(signal.SIGSTOP)
                children[KILLED].kill()
                began_ms = time.time() * 1e3
                self._until(lambda: all(board.seen()[name] for name in beds), board.pause)
                seen = board.seen()
        finally:
            for child in children.values():
                child.kill()
        return [Lost(how, (seen[name] - began_ms) / 1e3) for how, name in ((_KILLED, KILLED), (_FROZEN, FROZEN))]

    def _until(self, reached: Callable[[], bool], pause: Callable[[float], None]) -> None:
        until_s = time.monotonic() + _PATIENCE_S
        while not reached():
            if time.monotonic() > until_s:
                raise Unreachable(_NOT_SILENT, seconds=_PATIENCE_S)
            pause(0.05)


def plain(html: str) -> str:
    """A page as a plain file: what stands on it, without a script."""
    kept = html
    for name in ("script", "template"):
        parts = kept.split(f"<{name}")
        kept = parts[0] + "".join(part.partition(f"</{name}>")[2] for part in parts[1:])
    return kept


def _shown_of(load: str, seen: Seen) -> list[Shown]:
    found = []
    for what, sent, times_ms in (
        (_CHANGE, seen.changes_sent, seen.changes_ms),
        (_STATION, seen.alarms_sent, seen.station_ms),
        (_CART, seen.alarms_sent, seen.cart_ms),
    ):
        p50_ms, p99_ms = percentile(times_ms, 0.5), percentile(times_ms, 0.99)
        found.append(Shown(load, what, sent, len(times_ms), p50_ms, p99_ms, max(times_ms, default=float("nan"))))
    return found


def goals(paint: Paint | None, boards: list[Boards], shown: list[Shown], lost: list[Lost]) -> list[Goal]:
    """What was asked of each."""
    made = [] if paint is None else [Goal("first paint of the board, s", paint.ours_s, "at most", PAINT_S)]
    for usual in (each for each in boards if each.load == USUAL):
        made.append(Goal(f"{usual.boards} boards add, cores", usual.added_cores, "at most", BOARDS_CORES))
    for each in shown:
        bound_ms = CHANGE_MS if each.what == _CHANGE else ALARM_MS if each.load == USUAL else STRESSED_ALARM_MS
        made.append(Goal(f"{each.load}: {each.what} p99, ms", each.p99_ms, "at most", bound_ms))
        missing = float(each.sent - each.shown)
        made.append(Goal(f"{each.load}: {each.what}, not shown", missing, "at most", 0.0))
    return made + [Goal(f"{each.how} device shown as silent, s", each.seconds, "at most", LOST_S) for each in lost]
