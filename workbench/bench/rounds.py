"""One round: a side is started, loaded in each way in turn, looked at while it runs, and ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import psutil

from wardlink.errors import WardlinkError
from wardlink.i18n import N_
from workbench.bench.load import Gateway, Outcome
from workbench.bench.sides import Side

WARM_UP_S = 0.5


class NotStored(WardlinkError):
    """Receipts were given for messages that are not in the database: the measurement means nothing."""

    status = 500
    code = "not-stored"
    sentence = N_("{name} gave {receipts} receipts and stored {stored} messages: the run does not count.")


@dataclass(frozen=True)
class Load:
    """A way to load: `per_s` messages a second whatever happens, or as fast as receipts come (None)."""

    per_s: int | None

    @property
    def name(self) -> str:
        """As it stands in the report."""
        return "closed" if self.per_s is None else str(self.per_s)


CLOSED = Load(None)


@dataclass(frozen=True)
class Seen:
    """What one load of one round showed. CPU in microseconds a message."""

    per_s: float
    p50_ms: float
    p99_ms: float
    server_cpu_us: float
    broker_cpu_us: float
    load_cpu_us: float
    server_cores: float
    rss_mb: float


@dataclass
class Round:
    """What one side showed in one round, by the name of the load."""

    loads: dict[str, Seen] = field(default_factory=dict)
    bytes_a_message: float = float("nan")
    messages: int = 0


def play(
    side: Side,
    wards: Sequence[Gateway],
    loads: Sequence[Load],
    *,
    seconds: float,
    commit_delay_ms: float = 0.0,
    report: Callable[[str], None] = lambda _: None,
) -> Round:
    """Start `side`, load it in each way for `seconds`, end it, and look at what it has stored.

    Raises:
        Unreachable: it did not start, or messages were lost.
        NotStored: it answered what it did not store.
    """
    found = Round()
    rows, size = side.rows(), side.size_bytes()
    side.start(commit_delay_ms)
    try:
        found.messages += side.load(wards, seconds=WARM_UP_S, in_flight=200).sent
        for way in loads:
            report(way.name)
            before = _cpu_s(side.process), _cpu_s(_broker(side))
            outcome = side.load(wards, seconds=seconds, per_s=way.per_s)
            after = _cpu_s(side.process), _cpu_s(_broker(side))
            rss_mb = side.process.memory_info().rss / 2**20
            found.loads[way.name] = _seen(outcome, after[0] - before[0], after[1] - before[1], rss_mb)
            found.messages += outcome.sent
    finally:
        side.stop()
    stored = side.rows() - rows
    if stored != found.messages:
        raise NotStored(name=side.name, receipts=found.messages, stored=stored)
    found.bytes_a_message = (side.size_bytes() - size) / found.messages
    return found


def _seen(outcome: Outcome, server_s: float, broker_s: float, rss_mb: float) -> Seen:
    each_us = 1e6 / max(1, outcome.sent)
    return Seen(
        per_s=outcome.per_s,
        p50_ms=outcome.percentile_ms(0.50),
        p99_ms=outcome.percentile_ms(0.99),
        server_cpu_us=server_s * each_us,
        broker_cpu_us=broker_s * each_us,
        load_cpu_us=outcome.load_cpu_s * each_us,
        server_cores=server_s / outcome.elapsed_s,
        rss_mb=rss_mb,
    )


def _broker(side: Side) -> psutil.Process:
    return psutil.Process(side.broker.child.pid)


def _cpu_s(process: psutil.Process) -> float:
    used = process.cpu_times()
    return float(used.user + used.system)
