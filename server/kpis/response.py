"""How long calls and alerts waited for somebody, counted in SQL: by class, kind, hour or day.

The database counts how many waited how many seconds; percentiles are taken from these counts (`percentile`), so a month
of a hospital costs no more than its different waits. A wait begins with the first press or the first cry. Seconds that
have begun are counted whole: a figure is never better than what happened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias, cast

from sqlalchemy import BigInteger, ColumnElement, Connection, Table, case, func, literal, null, select

from server.alerts.escalation import Escalation
from server.calls.models import CallRow
from server.calls.rules import OPEN
from server.kpis.alert_times import ALERT_TIME
from server.kpis.counting import Days
from server.kpis.days import begins_micros, day_at, day_of, hour_of, micros
from server.kpis.facts import times_of_call
from server.kpis.percentile import nearest_rank
from wardlink.clinical.alert_rules import AlertCode
from wardlink.clock import from_micros

Until = Literal["answered", "there"]
"""The end of the wait: somebody took it, was there or dealt with it; or somebody was there."""

By = Literal["class", "kind", "hour", "day"]
"""What a line is about. `class`: of a call, or an alert's priority. `kind`: class and reason of a call, or a code."""

Key: TypeAlias = tuple[str, ...]

Within: TypeAlias = Callable[[Key], timedelta]
"""By class and kind, how long the wait may be."""

_CALL: Table = CallRow.__table__  # type: ignore[attr-defined]

_SECOND = 1_000_000
_NEVER = 2**62
"""Later than every instant, in microseconds."""
_OPEN, _ENDED, _TAKEN_BACK = -1, -2, -3
"""What stands in the place of the seconds of a wait that did not come to its end."""


@dataclass(frozen=True)
class Line:
    """What became of some calls or alerts.

    `waits`: how many waited how many seconds until they were met. `is_open`: how many wait still, and `open_since` when
    the first of them was raised. `ended`: how many are over without. `taken_back`: calls that the patient took back;
    they are in none of the others. `in_time`: how many were met in their time; None where that is not asked.
    """

    waits: Mapping[int, int] = field(default_factory=dict)
    is_open: int = 0
    open_since: datetime | None = None
    ended: int = 0
    taken_back: int = 0
    in_time: int | None = 0

    @property
    def met(self) -> int:
        """How many were met."""
        return sum(self.waits.values())

    @property
    def n(self) -> int:
        """All of them, those that the patient took back left aside."""
        return self.met + self.is_open + self.ended

    @property
    def longest(self) -> int | None:
        """The longest wait of those that were met."""
        return max(self.waits, default=None)

    def percentile(self, share: int) -> int | None:
        """The seconds that `share` % of all do not pass; None where that many have not been met."""
        return nearest_rank(self.waits, self.n, share)


def together(lines: Iterable[Line]) -> Line:
    """Several lines as one."""
    waits, found = Counter[int](), list(lines)
    for line in found:
        waits.update(line.waits)
    since = [line.open_since for line in found if line.open_since is not None]
    timely = [line.in_time for line in found]
    return Line(
        waits,
        sum(line.is_open for line in found),
        min(since, default=None),
        sum(line.ended for line in found),
        sum(line.taken_back for line in found),
        None if None in timely else sum(cast("list[int]", timely)),
    )


def calls(conn: Connection, wards: Collection[str], days: Days, by: By, until: Until) -> dict[Key, Line]:
    """The calls that were raised in these wards and days."""
    c = _CALL.c
    # A call that a nurse has ended was answered, whether or not she said so before.
    closed = case((c.state == "resolved", micros(c.closed_at)), else_=null())
    ends = (micros(c.acknowledged_at), micros(c.arrived_at), closed) if until == "answered" else (micros(c.arrived_at),)
    without = case((c.state.in_(OPEN), _OPEN), else_=_ENDED)
    waited = case((c.state == "cancelled", _TAKEN_BACK), else_=_waited(conn, c.raised_at, ends, without))
    keys = _keys(by, c.raised_at, (c.cls, func.coalesce(c.reason, "")))

    def within(key: Key) -> timedelta:
        times = times_of_call(key[0], key[1] or None)
        return times.acknowledge_within if until == "answered" else times.arrive_within

    return _read(conn, _CALL, wards, days, by, keys, waited, within)


def alerts(
    conn: Connection, wards: Collection[str], days: Days, by: By, until: Until, chains: Escalation
) -> dict[Key, Line]:
    """The alerts that were raised in these wards and days, those of calls left aside; `chains`: what is in time."""
    c = ALERT_TIME.c
    end = micros(c.answered_at if until == "answered" else c.there_at)
    waited = _waited(conn, c.raised_at, (end,), case((c.ended_at.is_(None), _OPEN), else_=_ENDED))

    def within(key: Key) -> timedelta:
        times = chains.of(cast("AlertCode", key[1]))
        return times.answer_within if until == "answered" else times.arrive_within

    keys = _keys(by, c.raised_at, (c.priority, c.code))
    return _read(conn, ALERT_TIME, wards, days, by, keys, waited, within)


def _read(
    conn: Connection,
    table: Table,
    wards: Collection[str],
    days: Days,
    by: By,
    keys: tuple[ColumnElement[Any], ...],
    waited: ColumnElement[int],
    within: Within,
) -> dict[Key, Line]:
    raised = micros(table.c.raised_at)
    rows = (
        select(*(key.label(f"key{n}") for n, key in enumerate(keys)), waited.label("waited"), raised.label("raised"))
        .where(table.c.ward.in_(wards))
        .where(raised >= literal(begins_micros(days.since), BigInteger))
        .where(raised < literal(begins_micros(days.until + timedelta(days=1)), BigInteger))
        .subquery()
    )
    of_line = [rows.c[f"key{n}"] for n in range(len(keys))]
    # Whole numbers first: they are what the database mostly has to compare when it sorts.
    counted = select(*of_line, rows.c.waited, func.count(), func.min(rows.c.raised)).group_by(rows.c.waited, *of_line)
    parts: dict[tuple[Any, ...], _Part] = {}
    for *named, waited_s, n, first in conn.execute(counted):
        parts.setdefault(tuple(named), _Part()).add(waited_s, n, first)
    is_timed = by in ("class", "kind")
    lines = {_named(by, key): part.line(within(key) if is_timed else None) for key, part in parts.items()}
    if by != "class":
        return dict(sorted(lines.items()))
    classes: dict[Key, list[Line]] = {}
    for key, line in sorted(lines.items()):
        classes.setdefault(key[:1], []).append(line)
    return {key: together(found) for key, found in classes.items()}


class _Part:
    """A line while its counts come in."""

    def __init__(self) -> None:
        self.waits: dict[int, int] = {}
        self.others: Counter[int] = Counter()
        self.open_since: int | None = None

    def add(self, waited: int, n: int, first: int) -> None:
        if waited >= 0:
            self.waits[waited] = n
            return
        self.others[waited] += n
        if waited == _OPEN:
            self.open_since = first

    def line(self, within: timedelta | None) -> Line:
        in_time = None
        if within is not None:
            in_time = sum(n for seconds, n in self.waits.items() if seconds <= within.total_seconds())
        since = None if self.open_since is None else from_micros(self.open_since)
        return Line(self.waits, self.others[_OPEN], since, self.others[_ENDED], self.others[_TAKEN_BACK], in_time)


def _keys(by: By, raised_at: ColumnElement[Any], kinds: tuple[ColumnElement[Any], ...]) -> tuple[Any, ...]:
    if by == "hour":
        return (hour_of(raised_at),)
    return (day_of(raised_at),) if by == "day" else kinds


def _named(by: By, key: tuple[Any, ...]) -> Key:
    if by == "hour":
        return (f"{int(key[0]):02d}",)
    return (day_at(int(key[0])).isoformat(),) if by == "day" else key


def _waited(
    conn: Connection, raised_at: ColumnElement[Any], ends: tuple[ColumnElement[int], ...], without: ColumnElement[int]
) -> ColumnElement[int]:
    """The begun seconds until the first of the ends; `without` where there is none.

    Kept short: the database works it out for every call of a month.
    """
    known = [func.coalesce(end, literal(_NEVER, BigInteger)) for end in ends]
    least = func.min if conn.dialect.name == "sqlite" else func.least
    first = least(*known) if len(known) > 1 else known[0]
    raised, most = micros(raised_at), func.max if conn.dialect.name == "sqlite" else func.greatest
    # Two clocks may have written this: nobody is there before the call.
    took = (most(first - raised, literal(0, BigInteger)) + literal(_SECOND - 1, BigInteger)) // literal(
        _SECOND, BigInteger
    )
    return case((took > literal(_NEVER // _SECOND // 2, BigInteger), without), else_=took)
