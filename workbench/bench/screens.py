"""`wardlink bench screens`: how soon the screens are there and answer, beside an empty Textual app.

Each program runs on a terminal of its own and is watched from the outside: what counts is what a person would
see. The programs take turns, each started anew in every round.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workbench.bench.figures import Goal, middle, paired_ratio
from workbench.bench.machine import Machine, describe
from workbench.bench.watched import COLUMNS, LINES, Watched

FIRST_PAINT_TIMES = 2.0
KEY_TIMES = 3.0
MEMORY_MB = 100.0

Report = Callable[[str], None]


@dataclass(frozen=True)
class Program:
    """What is started, how many letters its first picture has at least, and two keys that undo each other."""

    name: str
    command: tuple[str, ...]
    letters: int
    keys: tuple[bytes, bytes]


def programs() -> list[Program]:
    """The empty app, and the two screens with their invented ward."""
    python = sys.executable
    return [
        Program("empty", (python, "-m", "workbench.bench.empty_app"), 5, (b"a", b"b")),
        Program("cart", (python, "-m", "cart", "--sample"), 20, (b"1", b"\x7f")),
        Program("bedside", (python, "-m", "bedside", "--sample"), 20, (b"\t", b"\x1b[Z")),
    ]


@dataclass(frozen=True)
class Order:
    """What is asked of a run. `keys`: how many are pressed in each round."""

    folder: Path
    rounds: int = 7
    keys: int = 20
    names: tuple[str, ...] = ("cart", "bedside")


@dataclass(frozen=True)
class Once:
    """One program in one round."""

    first_paint_s: float
    key_ms: float
    rss_mb: float


@dataclass(frozen=True)
class Screen:
    """One program, the medians of its rounds, and how many times the empty app's they are, paired by round."""

    name: str
    first_paint_s: float
    first_paint_times: float
    key_p50_ms: float
    key_times: float
    rss_mb: float


@dataclass(frozen=True)
class ScreensResult:
    """The whole measurement."""

    machine: Machine
    terminal: str
    rounds: int
    keys: int
    screens: list[Screen] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)


def measure(order: Order, report: Report = lambda _: None) -> ScreensResult:
    """Do the run.

    Raises:
        Unreachable: a program painted nothing.
    """
    machine = describe(order.folder)
    chosen = [each for each in programs() if each.name == "empty" or each.name in order.names]
    for program in chosen:
        # The first start writes the compiled files of Python; nobody waits for them a second time.
        _once(program, 2)
    seen: dict[str, list[Once]] = defaultdict(list)
    for number in range(order.rounds):
        turn = number % len(chosen)
        for program in [*chosen[turn:], *chosen[:turn]]:
            report(f"round {number + 1}/{order.rounds}, {program.name}")
            seen[program.name].append(_once(program, order.keys))
    screens = [_screen(name, rounds, seen["empty"]) for name, rounds in seen.items()]
    screens.sort(key=lambda each: [program.name for program in chosen].index(each.name))
    return ScreensResult(
        machine=machine,
        terminal=f"{COLUMNS} x {LINES}",
        rounds=order.rounds,
        keys=order.keys,
        screens=screens,
        goals=[goal for each in screens if each.name != "empty" for goal in goals(each)],
    )


def goals(screen: Screen) -> list[Goal]:
    """What was asked of one screen."""
    return [
        Goal(f"{screen.name}: first paint / empty app's", screen.first_paint_times, "at most", FIRST_PAINT_TIMES),
        Goal(f"{screen.name}: key to paint p50 / empty app's", screen.key_times, "at most", KEY_TIMES),
        Goal(f"{screen.name}: memory in MB", screen.rss_mb, "at most", MEMORY_MB),
    ]


def _once(program: Program, keys: int) -> Once:
    with Watched(program.name, program.command, {"WARDLINK_LANG": "zh_CN"}) as watched:
        first_paint_s = watched.first_paint_s(letters=program.letters)
        waits_ms = [watched.key_to_paint_s(program.keys[number % 2]) * 1e3 for number in range(keys)]
        return Once(first_paint_s, middle(waits_ms), watched.rss_mb())


def _screen(name: str, rounds: Sequence[Once], empty: Sequence[Once]) -> Screen:
    return Screen(
        name=name,
        first_paint_s=middle(each.first_paint_s for each in rounds),
        first_paint_times=paired_ratio([each.first_paint_s for each in rounds], [each.first_paint_s for each in empty]),
        key_p50_ms=middle(each.key_ms for each in rounds),
        key_times=paired_ratio([each.key_ms for each in rounds], [each.key_ms for each in empty]),
        rss_mb=middle(each.rss_mb for each in rounds),
    )
