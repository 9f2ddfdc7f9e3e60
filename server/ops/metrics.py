"""Metrics in the format of Prometheus, read from the running server at each scrape. Ids only, nothing of patients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlmodel import col

from server.calls.models import CallRow
from server.core import Core
from server.exceptions.models import ExceptionRow
from server.models import Parked
from server.patients.models import Ward
from server.payments.service import Payments
from server.running import Running


class WardCollector(Collector):
    """What the core has counted, and what stands open in the database."""

    def __init__(self, core: Core, running: Running, payments: Payments) -> None:
        self._core = core
        self._payments = payments
        self._running = running

    def collect(self) -> Iterator[Metric]:
        """One scrape."""
        yield from self._ingest()
        yield from self._link()
        yield from self._wards()
        yield from self._devices()
        yield from self._notices()

    def _ingest(self) -> Iterator[Metric]:
        c = self._core.counters
        for name, text, value in (
            ("messages", "Messages taken in.", c.messages),
            ("parked", "Messages that could not be applied.", c.parked),
            ("gaps", "Commands that came before their predecessors and were asked for again.", c.gaps),
            ("dropped", "Messages left to the devices because the inbox was full.", c.dropped),
            ("failed_batches", "Batches that the database refused and that were tried again.", c.failed_batches),
        ):
            yield CounterMetricFamily(f"wardlink_ingest_{name}", text, value)
        yield SummaryMetricFamily(
            "wardlink_ingest_batch_seconds", "Time of a batch, its commit included.", c.batches, c.busy_s
        )
        yield SummaryMetricFamily(
            "wardlink_ingest_batch_messages", "Messages that one commit carries.", c.batches, c.messages
        )
        yield GaugeMetricFamily("wardlink_inbox_messages", "Messages that wait to be taken in.", len(self._core.inbox))
        yield GaugeMetricFamily(
            "wardlink_inbox_lag_seconds", "How long messages have been waiting.", self._core.inbox.lag_s()
        )

    def _link(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("wardlink_broker_connected", "1 while the broker is there.", int(self._core.connected))
        if self._running.broker is not None:
            yield CounterMetricFamily(
                "wardlink_broker_restarts", "How often the embedded broker died.", self._running.broker.restarts
            )

    def _wards(self) -> Iterator[Metric]:
        calls = select(col(CallRow.ward), func.count()).where(col(CallRow.closed_at).is_(None)).group_by(CallRow.ward)
        cases = (
            select(col(ExceptionRow.ward), func.count())
            .where(col(ExceptionRow.closed_at).is_(None))
            .group_by(ExceptionRow.ward)
        )
        with self._core.db.read() as conn:
            seqs = conn.execute(select(col(Ward.id), col(Ward.seq)).order_by(col(Ward.id))).all()
            open_calls = _counted(conn.execute(calls))
            open_cases = _counted(conn.execute(cases))
            parked = conn.execute(
                select(func.count()).select_from(Parked).where(col(Parked.closed_at).is_(None))
            ).scalar()
        wards = [ward for ward, _ in seqs]
        yield _by("ward", CounterMetricFamily, "wardlink_changes", "Changes given a number.", seqs)
        yield _by("ward", GaugeMetricFamily, "wardlink_open_calls", "Calls not yet closed.", _each(wards, open_calls))
        yield _by(
            "ward",
            GaugeMetricFamily,
            "wardlink_open_exceptions",
            "Facts that wait for a person.",
            _each(wards, open_cases),
        )
        yield GaugeMetricFamily("wardlink_open_parked", "Parked messages that wait for an operator.", parked or 0)

    def _notices(self) -> Iterator[Metric]:
        notices, labels = self._payments.notices, ["channel", "outcome"]
        came = CounterMetricFamily(
            "wardlink_pay_notices", "Notices of payment channels: accepted, duplicate, or why refused.", labels=labels
        )
        took = SummaryMetricFamily(
            "wardlink_pay_notice_seconds", "Time of a notice until its answer, its commit included.", labels=["channel"]
        )
        for (channel, outcome), count in notices.told().items():
            came.add_metric([channel, outcome], count)
        for channel, (count, busy_s) in notices.times().items():
            took.add_metric([channel], count, busy_s)
        yield came
        yield took
        groups = notices.groups
        yield SummaryMetricFamily(
            "wardlink_pay_notice_group", "Notices that one commit carries.", groups.groups, groups.items
        )

    def _devices(self) -> Iterator[Metric]:
        now_s = self._core.clock.monotonic_s()
        alive = GaugeMetricFamily("wardlink_device_up", "1 while the device is heard.", labels=["ward", "device"])
        outbox = GaugeMetricFamily(
            "wardlink_device_outbox_commands", "Commands that wait on the device.", labels=["ward", "device"]
        )
        for seen in self._core.fleet.all():
            alive.add_metric([seen.ward, seen.device], int(not seen.silent(now_s)))
            if seen.status.outbox is not None:
                outbox.add_metric([seen.ward, seen.device], seen.status.outbox)
        yield alive
        yield outbox


def registry(core: Core, running: Running, payments: Payments) -> CollectorRegistry:
    """A registry of our own: two servers in one process (tests) do not meet in the global one."""
    found = CollectorRegistry()
    ProcessCollector(registry=found)
    found.register(WardCollector(core, running, payments))
    return found


def render(found: CollectorRegistry) -> bytes:
    """The text of a scrape."""
    return generate_latest(found)


def _counted(rows: Iterable[Any]) -> dict[str, int]:
    return {row[0]: row[1] for row in rows}


def _each(wards: Iterable[str], counted: dict[str, int]) -> list[tuple[str, int]]:
    return [(ward, counted.get(ward, 0)) for ward in wards]


def _by(
    label: str,
    family: type[CounterMetricFamily | GaugeMetricFamily],
    name: str,
    text: str,
    values: Iterable[tuple[str, int]],
) -> Metric:
    made = family(name, text, labels=[label])
    for key, value in values:
        made.add_metric([key], value)
    return made
