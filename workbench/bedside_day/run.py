"""The whole day: the monkey acts, time moves, the ward lives, the network breaks and is mended; then the figures."""

from __future__ import annotations

import asyncio
import gc
import logging
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from textual.pilot import Pilot
from textual.worker import WorkerState

from bedside.app import BedsideApp
from bedside.ports import Place, Terminal
from bedside.start import place_of
from bedside.widgets.touch import Touch
from wardlink.device import Device
from wardlink.i18n import set_process_language
from workbench.bedside_day.monkey import SIZES, Monkey
from workbench.bedside_day.people import SECOND, admission_no
from workbench.bedside_day.ward import FAULTS, PlayedWard
from workbench.bench.figures import Goal
from workbench.bench.machine import Machine, describe

MOST_GROWTH = 1.2
"""Of memory, after the first tenth of the day. Source: issue of the bed's screen, "How well"."""
WARM_UP = 0.1
MOST_PAGES = 12
"""Pages that lie over each other: what is opened is left."""
CALL_WITHIN_S = 5.0
SAMPLES = 40

_STEP_S, _REST_S, _RESTS = (1.0, 8.0), (30.0, 240.0), 0.07
"""Between two acts; when the patient rests; and how often that is."""
_WARD = {"nurse": 0.15, "vitals": 0.02, "diet": 0.004, "turnover": 0.001}
"""How likely each is in a step."""
_BREAKS, _MENDS = 0.012, 0.08


@dataclass(frozen=True)
class Order:
    """What is asked of a run. `hours` of the ward's time; `slip`: called before each act, to plant a fault."""

    folder: Path
    hours: float = 24.0
    seed: int = 1
    slip: Callable[[BedsideApp], None] = lambda _: None


@dataclass(frozen=True)
class DayResult:
    """The whole day. `faults` are sentences; `growth` is memory at the end over memory after the warm-up."""

    machine: Machine
    seed: int
    hours: float
    seconds: float
    acts: int
    pages: dict[str, int]
    did: dict[str, int]
    broken: dict[str, int]
    warm_mb: float
    end_mb: float
    growth: float
    unsent: int
    faults: list[str] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)


class _Heard(logging.Handler):
    """What the program says went wrong."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        what = repr(record.exc_info[1]) if record.exc_info else ""
        self.said.append(f"{record.name}: {record.getMessage()} {what}".strip())


def measure(order: Order, report: Callable[[str], None] = lambda _: None) -> DayResult:
    """Play the day."""
    set_process_language("zh_CN")
    heard = _Heard()
    logging.getLogger().addHandler(heard)
    try:
        with PlayedWard(order.folder, order.seed) as ward:
            return asyncio.run(_Day(order, ward, heard, report).play())
    finally:
        logging.getLogger().removeHandler(heard)


class _Day:
    def __init__(self, order: Order, ward: PlayedWard, heard: _Heard, report: Callable[[str], None]) -> None:
        self._order, self._ward, self._heard, self._report = order, ward, heard, report
        self._chance = random.Random(order.seed + 1)
        self._stays = 1
        self._broken: Counter[str] = Counter()
        self._faults: list[str] = []
        self._devices: list[Device] = []
        self._memory: list[float] = []

    def _open(self) -> tuple[Terminal, Place]:
        device = Device(self._order.folder / "t1", self._ward.terminal, clock=self._ward.clock)
        self._devices.append(device)
        return device, place_of(device)

    async def play(self) -> DayResult:
        app = BedsideApp(self._open)
        monkey = Monkey(app, self._order.seed, lambda: (admission_no(self._stays), SECOND))
        began_s, whole_s, unsent = time.monotonic(), self._order.hours * 3600, 0
        try:
            async with app.run_test(size=SIZES[0]) as pilot:
                await self._while_it_lasts(app, monkey, pilot, whole_s)
                await self._look(app, monkey)
                unsent = await self._end(app)
                self._memory.append(await _memory_mb())
        except Exception as crash:  # noqa: BLE001  the program's end is what the run looks for
            self._faults += [] if self._faults else [repr(crash), _last(monkey)]
        warm, end = self._memory[min(len(self._memory) - 1, max(1, round(SAMPLES * WARM_UP)))], self._memory[-1]
        growth = end / warm
        return DayResult(
            machine=describe(self._order.folder),
            seed=self._order.seed,
            hours=self._order.hours,
            seconds=time.monotonic() - began_s,
            acts=sum(monkey.did.values()),
            pages=dict(monkey.pages.most_common()),
            did=dict(monkey.did),
            broken=dict(self._broken),
            warm_mb=warm,
            end_mb=end,
            growth=growth,
            unsent=unsent,
            faults=self._faults,
            goals=[
                Goal("exceptions and broken promises", float(len(self._faults)), "at most", 0),
                Goal("memory at the end / after the warm-up", growth, "at most", MOST_GROWTH),
                Goal("unsent when the network is back", float(unsent), "at most", 0),
            ],
        )

    async def _while_it_lasts(self, app: BedsideApp, monkey: Monkey, pilot: Pilot[int], whole_s: float) -> None:
        start_s = self._ward.clock.monotonic_s()
        while (passed_s := self._ward.clock.monotonic_s() - start_s) < whole_s and not self._faults:
            if passed_s >= len(self._memory) * whole_s / SAMPLES:
                self._memory.append(await _memory_mb())
                acts = sum(monkey.did.values())
                self._report(f"{passed_s / 3600:.1f} h, {acts} acts, {self._memory[-1]:.0f} MB")
            self._order.slip(app)
            await monkey.act()
            await pilot.pause()
            await self._look(app, monkey)
            self._live()

    def _live(self) -> None:
        """A little time passes, others do something, the network breaks or is mended."""
        self._ward.move(self._chance.uniform(*(_REST_S if self._chance.random() < _RESTS else _STEP_S)))
        for word, share in _WARD.items():
            if self._chance.random() < share:
                self._ward.tell(word, str(self._chance.randrange(60, 120)))
                self._stays += word == "turnover"
        if self._ward.fault is None and self._chance.random() < _BREAKS:
            fault = self._chance.choice(FAULTS)
            self._broken[fault] += 1
            self._ward.break_with(fault)
        elif self._ward.fault is not None and self._chance.random() < _MENDS:
            self._ward.mend()

    async def _look(self, app: BedsideApp, monkey: Monkey) -> None:
        """What must hold whatever was done."""
        said = list(self._heard.said)
        if app._exception is not None:
            said.append(repr(app._exception))
        if not app.is_running:
            said.append("the program has ended")
        elif len(app.screen_stack) > MOST_PAGES:
            said.append(f"{len(app.screen_stack)} pages over each other")
        elif not await self._shows_call(app):
            said.append(f"{type(app.page).__name__} shows no Call")
        bed = app.bed
        if bed is not None and bed.session is None and len(app.screen_stack) > 1 and app.page.needs_session:
            said.append(f"{type(app.page).__name__} is open, and nobody has signed in")
        if said:
            self._faults += [*said, _last(monkey)]

    async def _shows_call(self, app: BedsideApp) -> bool:
        """Also a page that is just being built shows it in a moment."""
        until_s = time.monotonic() + CALL_WITHIN_S
        while not any(touch.region.area for touch in app.page.query("#call").results(Touch)):
            if time.monotonic() > until_s:
                return not app.is_running
            await asyncio.sleep(0.02)
        return True

    async def _end(self, app: BedsideApp) -> int:
        """The network comes back: whatever waits is sent."""
        self._ward.mend()
        device = self._devices[0]
        until_s = time.monotonic() + 60
        while (unsent := device.status().outbox) and time.monotonic() < until_s and app.is_running:
            await asyncio.sleep(0.2)
        busy = (WorkerState.PENDING, WorkerState.RUNNING)
        while any(worker.state in busy for worker in app.workers) and time.monotonic() < until_s:
            await asyncio.sleep(0.05)
        return unsent


def _last(monkey: Monkey) -> str:
    return "last: " + "; ".join(monkey.last[-6:])


async def _memory_mb() -> float:
    await asyncio.sleep(0)
    gc.collect()
    return float(psutil.Process().memory_info().rss) / 1e6
