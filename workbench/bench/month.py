"""`wardlink bench month`: a cart that has followed a full ward for a month, beside one whose ward was just admitted.

The month is told to the cart's own store change by change, as the ward would, and tidied day by day. Then the program
runs on it on a terminal of its own, without a network, and is watched from the outside.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from wardlink.messages.encounters import EncounterView
from workbench.bench import month_hands
from workbench.bench.figures import Goal, middle, paired_ratio
from workbench.bench.machine import Machine, describe
from workbench.bench.month_cart import BADGE, PIN, Report, follow
from workbench.bench.month_hands import Hands, at_work, saved
from workbench.bench.month_record import Month
from workbench.bench.month_views import WARD, admission_no
from workbench.bench.watched import COLUMNS, LINES, Watched

START_S = 1.0
OPEN_MS = 100.0
DISK_MB = 200.0
MEMORY_MB = 150.0

_LETTERS = 20
_TYPED_EVERY_S = 0.08
"""A person's fingers: what comes faster is a scanner's."""


@dataclass(frozen=True)
class Order:
    """What is asked of a run. `opened`: how many patients are opened in each round."""

    folder: Path
    patients: int = 60
    days: int = 30
    rounds: int = 5
    opened: int = 12


@dataclass(frozen=True)
class Once:
    """One cart in one round. `opened_ms`: by bed, from Enter until the patient's page was painted."""

    start_s: float
    rss_mb: float
    opened_ms: dict[str, float]


@dataclass(frozen=True)
class Cart:
    """One cart: the medians of its rounds. `opened_slowest_ms` is the median of that patient who takes longest."""

    name: str
    start_s: float
    opened_ms: float
    opened_slowest_ms: float
    disk_mb: float
    rss_mb: float


@dataclass(frozen=True)
class MonthResult:
    """The whole measurement. The ratios are the month's / the empty cart's, which has the patients and no record."""

    machine: Machine
    terminal: str
    patients: int
    days: int
    rounds: int
    changes: int
    start_times: float
    opened_times: float
    rss_times: float
    hands: Hands
    carts: list[Cart] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)


def measure(order: Order, report: Report = lambda _: None) -> MonthResult:
    """Do the run.

    Raises:
        Unreachable: a cart painted nothing.
    """
    machine = describe(order.folder)
    now = datetime.now(UTC)
    month = Month(order.patients, order.days, now)
    follow(order.folder / "empty", Month(order.patients, 0, now), report)
    stays = month.stays()
    changes = follow(order.folder / "month", month, report, stays)
    beds = [bed.id for bed in month.beds()]
    seen: dict[str, list[Once]] = defaultdict(list)
    for name in ("empty", "month"):
        # The first start writes the compiled files of Python.
        _once(order.folder / name, beds[:1], stays[0].name)
    for number in range(order.rounds):
        for name in ("empty", "month") if number % 2 else ("month", "empty"):
            report(f"round {number + 1}/{order.rounds}, {name}")
            first = number * order.opened
            turn = [beds[(first + index) % len(beds)] for index in range(order.opened)]
            seen[name].append(_once(order.folder / name, turn, stays[0].name))
    report("a nurse's hands")
    hands = _hands(order.folder / "month", stays[0])
    carts = [_cart(name, order.folder / name, seen[name]) for name in ("empty", "month")]
    return MonthResult(
        machine=machine,
        terminal=f"{COLUMNS} x {LINES}",
        patients=order.patients,
        days=order.days,
        rounds=order.rounds,
        changes=changes,
        start_times=_times(seen, lambda once: once.start_s),
        opened_times=_times(seen, lambda once: middle(once.opened_ms.values())),
        rss_times=_times(seen, lambda once: once.rss_mb),
        carts=carts,
        hands=hands,
        goals=[*goals(carts[1]), *month_hands.goals(hands)],
    )


def goals(cart: Cart) -> list[Goal]:
    """What was asked of a cart with a full ward and its month."""
    return [
        Goal("start of the cart in seconds", cart.start_s, "at most", START_S),
        Goal("opening a patient in milliseconds, the slowest", cart.opened_slowest_ms, "at most", OPEN_MS),
        Goal("replica on the disk in MB", cart.disk_mb, "at most", DISK_MB),
        Goal("memory in MB", cart.rss_mb, "at most", MEMORY_MB),
    ]


def _program(folder: Path) -> Watched:
    command = (sys.executable, "-m", "cart", "--credential", str(folder / "credential.json"))
    return Watched(folder.name, (*command, "--data", str(folder / "data")), {"WARDLINK_LANG": "zh_CN"})


def _sign_in(watched: Watched, name: str) -> float:
    """Sign in and wait for the patient of this name; seconds until the first page was painted."""
    start_s = watched.first_paint_s(letters=_LETTERS)
    watched.settle()
    for text in (BADGE, "\r", PIN):
        watched.type(text, every_s=_TYPED_EVERY_S)
    # The beds come a moment behind the page, and nobody can be opened before.
    watched.key_to_text_s(b"\r", name)
    watched.settle()
    return start_s


def _hands(folder: Path, stay: EncounterView) -> Hands:
    with _program(folder) as watched:
        _sign_in(watched, stay.name)
        seen = at_work(watched, stay)
    return Hands(*seen, *saved(folder / "data", WARD, "c1"))


def _once(folder: Path, beds: Sequence[str], name: str) -> Once:
    with _program(folder) as watched:
        start_s = _sign_in(watched, name)
        opened_ms: dict[str, float] = {}
        for bed in beds:
            watched.type(bed, every_s=_TYPED_EVERY_S)
            watched.settle()
            opened_ms[bed] = watched.key_to_text_s(b"\r", admission_no(int(bed))) * 1e3
            watched.key_to_rest_s(b"\x1b")
        return Once(start_s, watched.rss_mb(), opened_ms)


def _times(seen: Mapping[str, Sequence[Once]], figure: Callable[[Once], float]) -> float:
    return paired_ratio([figure(once) for once in seen["month"]], [figure(once) for once in seen["empty"]])


def _cart(name: str, folder: Path, rounds: Sequence[Once]) -> Cart:
    by_bed: dict[str, list[float]] = defaultdict(list)
    for once in rounds:
        for bed, taken_ms in once.opened_ms.items():
            by_bed[bed].append(taken_ms)
    opened = [middle(taken_ms) for taken_ms in by_bed.values()]
    disk = sum(path.stat().st_size for path in (folder / "data").rglob("*") if path.is_file())
    return Cart(
        name=name,
        start_s=middle(once.start_s for once in rounds),
        opened_ms=middle(opened),
        opened_slowest_ms=max(opened, default=float("nan")),
        disk_mb=disk / 2**20,
        rss_mb=middle(once.rss_mb for once in rounds),
    )
