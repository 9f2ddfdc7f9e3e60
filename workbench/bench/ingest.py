"""`wardlink bench ingest`: the whole path against the raw floor, in turns, on one broker and one machine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workbench.bench import brokers, hospital
from workbench.bench.brokers import BrokerName, RunningBroker
from workbench.bench.figures import Goal, middle, paired_ratio
from workbench.bench.hospital import Preload
from workbench.bench.machine import Machine, describe
from workbench.bench.rounds import CLOSED, Load, Round, Seen, play
from workbench.bench.sides import ACCOUNT, Floor, Ours, Side

HOSPITAL_PER_S = hospital.BEDS
"""Every bed once a second."""
BUSY_PER_S = 4_000
SLOW_COMMIT_MS = 5.0

QUICK = (CLOSED, Load(HOSPITAL_PER_S), Load(BUSY_PER_S))
SLOW = (Load(HOSPITAL_PER_S), Load(BUSY_PER_S))

Report = Callable[[str], None]


@dataclass(frozen=True)
class Order:
    """What is asked of a run. `kept`: where preloaded databases are kept for the next run, or None."""

    folder: Path
    rounds: int = 5
    seconds: float = 5.0
    preloads: tuple[int, ...] = (0, 2_000_000)
    broker: BrokerName = "nats"
    kept: Path | None = None


@dataclass(frozen=True)
class Pair:
    """One figure of both sides, each the median of the rounds; `ratio` is ours / floor, paired by round."""

    floor: float
    ours: float
    ratio: float


@dataclass(frozen=True)
class Loaded:
    """Both sides under one load. Receipts in milliseconds, from when a message was due to its receipt."""

    per_s: Pair
    p50_ms: Pair
    p99_ms: Pair
    server_cpu_us: Pair
    server_cores: Pair
    broker_cpu_us: Pair
    load_cpu_us: Pair


@dataclass(frozen=True)
class Found:
    """Both sides on one preload and one speed of commits, by load: `closed`, `1332`, `4000`."""

    preload_values: int
    preload_mb: Pair
    commit_delay_ms: float
    loads: dict[str, Loaded]
    rss_mb: Pair
    bytes_a_message: Pair


@dataclass(frozen=True)
class IngestResult:
    """The whole measurement: `ratio` is the smallest of the preloads' ratios of messages a second."""

    machine: Machine
    broker: str
    rounds: int
    seconds: float
    beds: int
    values_a_message: int
    ratio: float
    found: list[Found] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)


def measure(order: Order, report: Report = lambda _: None) -> IngestResult:
    """Do the run.

    Raises:
        Unreachable: a process did not start, or messages were lost.
        NotStored: a side answered what it did not store.
    """
    wards = hospital.gateways()
    machine = describe(order.folder)
    accounts = [ACCOUNT, *(gateway.device for gateway in wards)]
    found = []
    with RunningBroker(order.broker, order.folder / "broker", accounts) as broker:
        for values in order.preloads:
            sources = prepare(order.kept or order.folder / "preloads", Preload(values), report)
            for delay_ms, loads in ((0.0, QUICK), (SLOW_COMMIT_MS, SLOW)):
                found.append(_turns(order, broker, values, sources, delay_ms, loads, report))
    ratios = [each.loads[CLOSED.name].per_s.ratio for each in found if CLOSED.name in each.loads]
    return IngestResult(
        machine=machine,
        broker=brokers.version(order.broker),
        rounds=order.rounds,
        seconds=order.seconds,
        beds=hospital.BEDS,
        values_a_message=hospital.READINGS,
        ratio=min(ratios),
        found=found,
        goals=goals(found),
    )


def prepare(folder: Path, preload: Preload, report: Report) -> tuple[Path, Path]:
    """The preloaded databases of floor and server, made if they are not there yet."""
    made = []
    for name, make in (("floor", hospital.make_floor), ("ours", hospital.make_ours)):
        path = folder / f"{name}-{preload.values}.db"
        if not path.exists():
            begun = path.with_suffix(".begun")
            begun.unlink(missing_ok=True)
            make(begun, preload, _Written(report, name, preload).add)
            begun.rename(path)
        made.append(path)
    return made[0], made[1]


class _Written:
    def __init__(self, report: Report, name: str, preload: Preload) -> None:
        self._report, self._name, self._preload, self._messages = report, name, preload, 0

    def add(self, messages: int) -> None:
        self._messages += messages
        done, whole = self._messages * hospital.READINGS, self._preload.values
        self._report(f"preload {self._name}: {done:,} / {whole:,}")


def _turns(
    order: Order,
    broker: RunningBroker,
    values: int,
    sources: tuple[Path, Path],
    delay_ms: float,
    loads: Sequence[Load],
    report: Report,
) -> Found:
    folder = order.folder / f"{values}-{delay_ms:g}"
    sides: tuple[Side, Side] = (Floor(folder / "floor", broker), Ours(folder / "ours", broker))
    rounds: dict[str, list[Round]] = defaultdict(list)
    for side, source in zip(sides, sources, strict=True):
        hospital.copy(source, side.database)
    try:
        for number in range(order.rounds):
            # Who comes first changes, so that neither always meets the warmer machine.
            for side in sides if number % 2 == 0 else sides[::-1]:
                where = f"{values:,} values, +{delay_ms:g} ms, round {number + 1}/{order.rounds}, {side.name}: "

                def said(what: str, where: str = where) -> None:
                    report(where + what)

                played = play(
                    side,
                    hospital.gateways(),
                    loads,
                    seconds=order.seconds,
                    commit_delay_ms=delay_ms,
                    report=said,
                )
                rounds[side.name].append(played)
    finally:
        for side in sides:
            side.kill()
            side.database.unlink(missing_ok=True)
    return summary(values, sources, delay_ms, rounds["floor"], rounds["wardlink"])


def summary(
    values: int, sources: tuple[Path, Path], delay_ms: float, floor: Sequence[Round], ours: Sequence[Round]
) -> Found:
    """The medians of the rounds and their ratios."""

    def pair(of: Callable[[Round], float]) -> Pair:
        theirs, mine = [of(each) for each in floor], [of(each) for each in ours]
        return Pair(middle(theirs), middle(mine), paired_ratio(mine, theirs))

    def loaded(name: str) -> Loaded:
        def of(field_of: Callable[[Seen], float]) -> Pair:
            return pair(lambda each: field_of(each.loads[name]))

        return Loaded(
            per_s=of(lambda seen: seen.per_s),
            p50_ms=of(lambda seen: seen.p50_ms),
            p99_ms=of(lambda seen: seen.p99_ms),
            server_cpu_us=of(lambda seen: seen.server_cpu_us),
            server_cores=of(lambda seen: seen.server_cores),
            broker_cpu_us=of(lambda seen: seen.broker_cpu_us),
            load_cpu_us=of(lambda seen: seen.load_cpu_us),
        )

    floor_mb, ours_mb = (hospital.size_bytes(path) / 2**20 for path in sources)
    return Found(
        preload_values=values,
        preload_mb=Pair(floor_mb, ours_mb, ours_mb / floor_mb),
        commit_delay_ms=delay_ms,
        loads={name: loaded(name) for name in floor[0].loads},
        rss_mb=pair(lambda each: max(seen.rss_mb for seen in each.loads.values())),
        bytes_a_message=pair(lambda each: each.bytes_a_message),
    )


def goals(found: Sequence[Found]) -> list[Goal]:
    """What was asked for, and what was seen."""
    made = []
    for each in found:
        where = f"{each.preload_values:,} values"
        if each.commit_delay_ms:
            where += f", +{each.commit_delay_ms:g} ms a commit"
        for name, seen in each.loads.items():
            if name == CLOSED.name:
                made.append(Goal(f"{where}: messages a second, ours / floor", seen.per_s.ratio, "at least", 0.5))
                continue
            hospital_rate = name == str(HOSPITAL_PER_S) and not each.commit_delay_ms
            bound = 5.0 if hospital_rate else 3.0
            made.append(Goal(f"{where}: receipt p99 at {name}/s, ours / floor", seen.p99_ms.ratio, "at most", bound))
            if hospital_rate:
                made.append(Goal(f"{where}: receipt p99 at {name}/s in ms", seen.p99_ms.ours, "at most", 100.0))
        made.append(Goal(f"{where}: memory of the server in MB", each.rss_mb.ours, "at most", 200.0))
    return made
