"""Response times are those of a plain model that sorts every wait, on both engines; percentiles are nearest rank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from math import ceil, inf
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Table, delete, insert

from server.alerts.engine import AlertEngine
from server.alerts.escalation import our_escalation
from server.calls.models import CallRow
from server.kpis import alert_times
from server.kpis.alert_times import ALERT_TIME
from server.kpis.counting import Days
from server.kpis.facts import times_of_call
from server.kpis.percentile import nearest_rank
from server.kpis.response import By, Key, Line, Until, alerts, calls, together
from tests.server.alerts.ward import HIGH, measure, only, says
from tests.server.alerts.ward import alerts as all_alerts
from tests.server.wards import NOW, STAY_1, SmallWard
from wardlink.clinical.alert_rules import CODES, alert_rule
from wardlink.clock import ward_date, ward_time
from wardlink.ids import new_id
from wardlink.messages.alerts import AcceptAlert, RefuseAlert, ResolveAlert

_CALL: Table = CallRow.__table__  # type: ignore[attr-defined]

DAYS = Days(date(2026, 11, 22), date(2026, 11, 24))
WARDS = ("w1",)
MIDNIGHT = datetime.fromisoformat("2026-11-23T00:00:00+08:00")


@dataclass(frozen=True)
class Plain:
    """One call or alert as the model knows it. `wait_s`: inf where it was not met; None where it was taken back."""

    key: Key
    at: datetime
    wait_s: float | None
    is_open: bool
    within: timedelta


def place(waits: list[float], share: int) -> float:
    """The definition, word for word: the wait at place ⌈share % of the number⌉, the shortest first."""
    return sorted(waits)[ceil(len(waits) * share / 100) - 1]


@given(st.lists(st.one_of(st.integers(0, 10**6), st.just(inf)), min_size=1), st.integers(1, 100))
def test_a_percentile_is_the_wait_at_its_place(waits: list[float], share: int) -> None:
    """What was not answered stands last; a percentile that falls on it is none."""
    counts = Counter(int(wait) for wait in waits if wait != inf)
    wanted = place(waits, share)

    assert nearest_rank(counts, len(waits), share) == (None if wanted == inf else wanted)


@pytest.mark.parametrize(
    ("answered", "waiting", "p50", "p90"),
    [
        (0, 0, None, None),
        (0, 3, None, None),
        (1, 0, 1, 1),
        (1, 1, 1, None),
        (10, 0, 5, 9),
        (9, 1, 5, 9),
        (8, 2, 5, None),
    ],
)
def test_what_waits_never_makes_a_figure_better(answered: int, waiting: int, p50: int | None, p90: int | None) -> None:
    """Bounds: one more without an answer, and the place moves on or is not reached."""
    line = Line(dict.fromkeys(range(1, answered + 1), 1), is_open=waiting)

    assert (line.percentile(50), line.percentile(90)) == (p50, p90)


def seconds(least: int = -5, most: int = 900) -> st.SearchStrategy[float | None]:
    """A wait in seconds and tenths; clocks may differ, so it may be less than nothing; None where nobody came."""
    return st.one_of(st.none(), st.integers(10 * least, 10 * most).map(lambda n: n / 10))


RAISED = st.integers(-90_000, 180_000)
"""Seconds around the midnight between two of the days."""

CALLS = st.lists(
    st.tuples(
        RAISED,
        st.sampled_from(("w1", "w1", "w1", "w2")),
        st.sampled_from(("P1", "P2", "P4")),
        st.sampled_from((None, "FALL", "PAIN", "WATER")),
        st.sampled_from(("raised", "acknowledged", "arrived", "resolved", "cancelled")),
        seconds(),
        seconds(),
        seconds(0),
    ),
    max_size=25,
)

ALERTS = st.lists(
    st.tuples(
        RAISED,
        st.sampled_from(("w1", "w1", "w2")),
        st.sampled_from([code for code in CODES if not code.startswith("call-")]),
        seconds(),
        seconds(),
        seconds(0),
    ),
    max_size=25,
)


def key_of(by: By, at: datetime, cls: str, kind: str) -> Key:
    """The line to which something belongs."""
    if by == "hour":
        return (f"{ward_time(at).hour:02d}",)
    return {"class": (cls,), "kind": (cls, kind), "day": (ward_date(at).isoformat(),)}[by]


def later(at: datetime, wait: float | None) -> datetime | None:
    """The instant so long afterwards."""
    return None if wait is None else at + timedelta(seconds=wait)


def model(found: list[Plain], by: By) -> dict[Key, dict[str, Any]]:
    """Every line by sorting its waits."""
    lines: dict[Key, list[Plain]] = {}
    for one in found:
        lines.setdefault(one.key, []).append(one)
    told = {}
    for key, ones in lines.items():
        waits = [one.wait_s for one in ones if one.wait_s is not None]
        met = [wait for wait in waits if wait != inf]
        told[key] = {
            "n": len(waits),
            "met": len(met),
            "open": sum(one.is_open for one in ones),
            "since": min((one.at for one in ones if one.is_open), default=None),
            "back": len(ones) - len(waits),
            "longest": max(met, default=None),
            "in_time": sum(one.wait_s is not None and one.wait_s <= one.within.total_seconds() for one in ones)
            if by in ("class", "kind")
            else None,
            **{f"p{share}": _reached(waits, share) for share in (1, 50, 90, 100)},
        }
    return told


def _reached(waits: list[float], share: int) -> float | None:
    found = place(waits, share) if waits else inf
    return None if found == inf else found


def told(lines: dict[Key, Line]) -> dict[Key, dict[str, Any]]:
    """The same of what the database has counted."""
    return {
        key: {
            "n": line.n,
            "met": line.met,
            "open": line.is_open,
            "since": line.open_since,
            "back": line.taken_back,
            "longest": line.longest,
            "in_time": line.in_time,
            **{f"p{share}": line.percentile(share) for share in (1, 50, 90, 100)},
        }
        for key, line in lines.items()
    }


def wait_of(at: datetime, *ends: datetime | None) -> float:
    """From `at` to the first of these, in begun seconds."""
    found = min((end for end in ends if end is not None), default=None)
    return inf if found is None else max(0, ceil((found - at) / timedelta(seconds=1)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=CALLS, until=st.sampled_from(get_args(Until)))
def test_calls_are_counted_as_a_person_would(ward: SmallWard, rows: list[Any], until: Until) -> None:
    """Open, ended, taken back, by clocks that differ, at the edges of the days."""
    written, plain, numbers = list[dict[str, Any]](), dict[By, list[Plain]](), count()
    for raised, ward_, cls, reason, state, acknowledged, arrived, closed in rows:
        at = MIDNIGHT + timedelta(seconds=raised)
        times = dict.fromkeys(("raised_at", "pressed_at", "rang_at", "received_at"), at)
        ends = (later(at, acknowledged), later(at, arrived), later(at, closed) if state == "resolved" else None)
        row = {"id": f"c{next(numbers)}", "ward": ward_, "bed": "b1", "reason": reason, "cls": cls, "state": state}
        written.append(
            row | times | {"count": 1, "acknowledged_at": ends[0], "arrived_at": ends[1], "closed_at": ends[2]}
        )
        if ward_ not in WARDS or not DAYS.since <= ward_date(at) <= DAYS.until:
            continue
        wait = wait_of(at, *(ends if until == "answered" else ends[1:2]))
        is_open = wait == inf and state in ("raised", "acknowledged", "arrived")
        within = times_of_call(cls, reason)
        for by in get_args(By):
            one = Plain(
                key_of(by, at, cls, reason or ""),
                at,
                None if state == "cancelled" else wait,
                is_open,
                within.acknowledge_within if until == "answered" else within.arrive_within,
            )
            plain.setdefault(by, []).append(one)

    with written_down(ward, _CALL, written) as conn:
        for by in get_args(By):
            assert told(calls(conn, WARDS, DAYS, by, until)) == model(plain.get(by, []), by)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ALERTS, until=st.sampled_from(get_args(Until)))
def test_alerts_are_counted_as_a_person_would(ward: SmallWard, rows: list[Any], until: Until) -> None:
    """Each in its ward, day, hour and code."""
    written, plain, numbers = list[dict[str, Any]](), dict[By, list[Plain]](), count()
    for raised, ward_, code, answered, there, ended in rows:
        at = MIDNIGHT + timedelta(seconds=raised)
        rule = alert_rule(code)
        ends = {"answered_at": later(at, answered), "there_at": later(at, there), "ended_at": later(at, ended)}
        row = {"alert": f"a{next(numbers)}", "ward": ward_, "code": code, "priority": rule.priority, "raised_at": at}
        written.append(row | ends)
        if ward_ not in WARDS or not DAYS.since <= ward_date(at) <= DAYS.until:
            continue
        wait = wait_of(at, ends["answered_at"] if until == "answered" else ends["there_at"])
        within = rule.answer_within if until == "answered" else rule.arrive_within
        for by in get_args(By):
            one = Plain(key_of(by, at, rule.priority, code), at, wait, wait == inf and ended is None, within)
            plain.setdefault(by, []).append(one)

    with written_down(ward, ALERT_TIME, written) as conn:
        for by in get_args(By):
            found = told(alerts(conn, WARDS, DAYS, by, until, our_escalation()))
            assert found == model(plain.get(by, []), by)


def test_the_whole_of_several_lines_is_counted_from_all_of_them() -> None:
    """Not the mean of their percentiles."""
    one, other = Line({1: 9}, in_time=9), Line({100: 1}, is_open=1, open_since=NOW, in_time=0)
    whole = together([one, other])

    assert (whole.n, whole.percentile(50), whole.percentile(90), whole.in_time) == (11, 1, 100, 9)
    assert whole.open_since == NOW


def kept(ward: SmallWard) -> set[tuple[Any, ...]]:
    """What the table of alerts' times holds."""
    with ward.db.read() as conn:
        return {tuple(row.values()) for row in alert_times.kept(conn).values()}


@contextmanager
def written_down(ward: SmallWard, table: Table, rows: list[dict[str, Any]]) -> Iterator[Connection]:
    """These rows stand in the table for the block, and nothing else."""
    with ward.db.write() as conn:
        conn.execute(delete(table))
        if rows:
            conn.execute(insert(table), rows)
    with ward.db.read() as conn:
        yield conn
    with ward.db.write() as conn:
        conn.execute(delete(table))


def test_the_times_of_an_alert_follow_its_record(ward: SmallWard) -> None:
    """Taken, given back, dealt with: the first answer stands; made anew from the records it is the same."""
    engine = AlertEngine(ward.core)
    measure(ward, HIGH)
    engine.look("w1", f"vitals/{STAY_1}")
    alert = only(ward).id
    ward.clock.advance(30)
    taken_at = ward.clock.now()
    says(ward, "alert.accept", AcceptAlert(alert=alert))
    ward.clock.advance(30)
    says(ward, "alert.refuse", RefuseAlert(alert=alert, reason="busy"))
    ward.clock.advance(30)
    says(ward, "alert.resolve", ResolveAlert(alert=alert, outcome="done"))
    [row] = kept(ward)
    with ward.db.write() as conn:
        assert alert_times.recount(conn) == 1

    assert row == (alert, "w1", "news2-high", "high", NOW, taken_at, None, ward.clock.now())
    assert kept(ward) == {row}


def test_a_start_makes_the_table_once(ward: SmallWard) -> None:
    """After the version that brought it: alerts there, nothing in the table."""
    measure(ward, HIGH)
    AlertEngine(ward.core).look("w1", f"vitals/{STAY_1}")
    before = kept(ward)
    with ward.db.write() as conn:
        conn.execute(delete(ALERT_TIME))
    alert_times.bring_up_to_date(ward.db)

    assert kept(ward) == before
    assert len(before) == 1


def test_alerts_behind_one_for_many_are_counted_with_it(ward: SmallWard) -> None:
    """Nobody answers each of them; the one that stands for them is answered."""
    for pulse in range(7):
        ward.take(ward.cart.vitals(70 + pulse, encounter=new_id()))
    ward.clock.advance(3 * 3600)
    AlertEngine(ward.core).sweep()
    by_code = Counter(view.code for view in all_alerts(ward))

    assert by_code["exception-open"] == 8
    assert [row[2] for row in kept(ward)].count("exception-open") == 1
