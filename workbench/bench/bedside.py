"""`wardlink bench bedside`: how soon the bed's screen is there and answers a finger, and what fifty of them take.

The screen is watched from the outside on a terminal of its own, beside an empty Textual app; in a browser as a real
Chromium shows it; and the terminals of a whole ward are the real program on real devices of one real server.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from workbench.bedside_day.ward import PlayedWard
from workbench.bench.browser_taps import taps_ms
from workbench.bench.figures import Goal, middle, paired_ratio, percentile
from workbench.bench.machine import Machine, describe
from workbench.bench.watched import COLUMNS, LINES, Watched

FIRST_PAINT_S, TAP_MS, BROWSER_TAP_MS = 1.0, 50.0, 150.0
"""Goals. Source: issue of the bed's screen, "How well"."""

_WIDE_CALL, _WIDE_IDENTIFY, _SIDE, _BAR_ROW = 22, 26, 2, LINES - 4
IDENTIFY = (COLUMNS - _SIDE - _WIDE_IDENTIFY // 2, _BAR_ROW)
BACK = (_SIDE + _WIDE_CALL + 1 + 7, _BAR_ROW)
"""Where the locked page leads on and the next one back, in cells of the terminal of the run."""
_ASKED, _LOCKED = "第 1 步", "呼叫按钮随时可用"


@dataclass(frozen=True)
class Order:
    """What is asked of a run. `taps` in each round; `terminals` of the ward, 0 for none; `browser`: Chromium too."""

    folder: Path
    rounds: int = 5
    taps: int = 20
    terminals: int = 50
    browser: bool = True


@dataclass(frozen=True)
class WardMemory:
    """What the terminals of a ward take. MB; `terminal_mb`: what one has for itself, `rss_mb`: with what is shared."""

    terminals: int
    server_alone_mb: float
    server_mb: float
    terminal_mb: float
    rss_mb: float


@dataclass(frozen=True)
class BedsideResult:
    """The whole measurement. Medians over the rounds; the empty app's figures beside ours; None: not measured."""

    machine: Machine
    rounds: int
    first_paint_s: float
    empty_first_paint_s: float
    first_paint_times: float
    tap_p50_ms: float
    tap_p95_ms: float
    empty_key_ms: float
    browser_p50_ms: float | None
    browser_p95_ms: float | None
    memory: WardMemory | None
    goals: list[Goal] = field(default_factory=list)


def measure(order: Order, report: Callable[[str], None] = lambda _: None) -> BedsideResult:
    """Do the run.

    Raises:
        Unreachable: a program painted nothing.
        Misconfigured: there is no Chromium.
    """
    machine = describe(order.folder)
    paints: list[float] = []
    empty_paints: list[float] = []
    empty_keys: list[float] = []
    taps: list[float] = []
    # The first start writes the compiled files of Python; nobody waits for them a second time.
    for number in range(order.rounds + 1):
        report(f"round {number}/{order.rounds}")
        paint_s, waits_ms = _bed(order.taps)
        empty_paint_s, empty_ms = _empty(order.taps)
        if number:
            paints.append(paint_s)
            taps += waits_ms
            empty_paints.append(empty_paint_s)
            empty_keys.append(empty_ms)
    report("browser")
    browser = taps_ms(order.folder, order.taps) if order.browser else []
    memory = _ward(order, report) if order.terminals else None
    goals = [
        Goal("first paint, s", middle(paints), "at most", FIRST_PAINT_S),
        Goal("tap to another page p95, ms", percentile(taps, 0.95), "at most", TAP_MS),
    ]
    if browser:
        goals.append(Goal("tap to change in Chromium p95, ms", percentile(browser, 0.95), "at most", BROWSER_TAP_MS))
    return BedsideResult(
        machine=machine,
        rounds=order.rounds,
        first_paint_s=middle(paints),
        empty_first_paint_s=middle(empty_paints),
        first_paint_times=paired_ratio(paints, empty_paints),
        tap_p50_ms=middle(taps),
        tap_p95_ms=percentile(taps, 0.95),
        empty_key_ms=middle(empty_keys),
        browser_p50_ms=middle(browser) if browser else None,
        browser_p95_ms=percentile(browser, 0.95) if browser else None,
        memory=memory,
        goals=goals,
    )


def _bed(taps: int) -> tuple[float, list[float]]:
    command = (sys.executable, "-m", "bedside", "--sample")
    with Watched("bedside", command, {"WARDLINK_LANG": "zh_CN"}) as watched:
        paint_s = watched.first_paint_s(letters=20)
        # The device opens behind the first picture, and pages are imported when they are first shown; a terminal
        # hangs there for months.
        watched.wait_for_text(_LOCKED)
        _there_and_back(watched)
        return paint_s, [wait_ms for _ in range(taps // 2) for wait_ms in _there_and_back(watched)]


def _there_and_back(watched: Watched) -> tuple[float, float]:
    return watched.tap_to_text_s(*IDENTIFY, _ASKED) * 1e3, watched.tap_to_text_s(*BACK, _LOCKED) * 1e3


def _empty(keys: int) -> tuple[float, float]:
    with Watched("empty", (sys.executable, "-m", "workbench.bench.empty_app"), {}) as watched:
        paint_s = watched.first_paint_s(letters=5)
        return paint_s, middle(watched.key_to_paint_s(b"ab"[n % 2 :][:1]) * 1e3 for n in range(keys))


def _ward(order: Order, report: Callable[[str], None]) -> WardMemory:
    with ExitStack() as stack:
        ward = stack.enter_context(PlayedWard(order.folder, 1, beds=order.terminals))
        alone_mb = _rss_mb(ward.server_pid)
        running = []
        for n in range(1, order.terminals + 1):
            report(f"terminal {n}/{order.terminals}")
            command = [sys.executable, "-m", "bedside", "--credential", str(ward.file_of(f"t{n}"))]
            command += ["--data", str(order.folder / f"t{n}")]
            watched = stack.enter_context(Watched(f"t{n}", command, {"WARDLINK_LANG": "zh_CN"}))
            watched.first_paint_s(letters=20)
            running.append(watched)
        for watched in running:
            watched.settle()
        own = [watched.own_mb() for watched in running]
        whole = [watched.rss_mb() for watched in running]
        return WardMemory(order.terminals, alone_mb, _rss_mb(ward.server_pid), middle(own), middle(whole))


def _rss_mb(pid: int) -> float:
    program = psutil.Process(pid)
    return float(sum(each.memory_info().rss for each in [program, *program.children(recursive=True)]) / 2**20)
