"""What the KPIs count of adverse events and of patients, against a plain model, on both engines."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, delete, insert

from server.adverse.models import AdverseEvent
from server.dashboard.kpis.asked import periods, whole
from server.db import Database
from server.kpis.counting import Days, counted
from server.patients.models import Encounter, Stay
from tests.server.kpis.test_counting import FEBRUARY, at, hospital, line, stay
from wardlink.clock import ward_date
from wardlink.ids import new_id

__all__ = ["hospital"]

_EVENT: Table = AdverseEvent.__table__  # type: ignore[attr-defined]
_TABLES: tuple[Table, ...] = (_EVENT, Stay.__table__, Encounter.__table__)  # type: ignore[attr-defined]
TERMS = ("falls", "falls_harmed", "new_injuries", "medication_errors", "near_misses")


def put(db: Database, kind: str, when: datetime, encounter: str | None = "s", **other: Any) -> None:
    """An event of ward a."""
    row = {"id": new_id(), "ward": "a", "encounter": encounter, "kind": kind, "happened_at": when, "place": "x"}
    rest = {"words": "x", "reported_at": when, "reported_by": "staff:n1"}
    with db.write() as conn:
        conn.execute(insert(_EVENT).values(**(row | rest | other)))


def lies(db: Database, name: str = "s", since: str = "02-01 09:00", until: str | None = None) -> None:
    """Somebody lies in ward a."""
    with db.write() as conn:
        stay(conn, name, ("a", at(since), None if until is None else at(until)))


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("02-26 23:59", [0, 0, 0, 0, 0]),
        ("02-27 00:00", [1, 0, 0, 0, 0]),
        ("02-28 23:59", [0, 1, 0, 0, 0]),
        ("02-29 00:00", [0, 0, 1, 0, 0]),
        ("03-02 23:59", [0, 0, 0, 0, 1]),
        ("03-03 00:00", [0, 0, 0, 0, 0]),
    ],
)
def test_an_event_counts_on_the_day_it_happened(hospital: Database, when: str, expected: list[int]) -> None:
    """By the ward's midnight, whenever it was reported; in its ward alone."""
    lies(hospital)
    put(hospital, "fall", at(when), harm="none", reported_at=at("03-05 08:00"))

    assert line(hospital, "falls") == expected
    assert line(hospital, "falls", ("b",)) == [0] * 5
    assert line(hospital, "falls", ("a", "b")) == expected


def test_a_second_pressure_injury_is_no_second_patient(hospital: Database) -> None:
    """The first of a stay counts, also where it was before these days; stage 1 and a struck one do not stand before."""
    for name in "stu":
        lies(hospital, name)
    new = {"stage": "stage-2", "began": "here"}
    put(hospital, "pressure-injury", at("02-26 10:00"), "s", **new)
    put(hospital, "pressure-injury", at("02-28 10:00"), "s", **new)
    put(hospital, "pressure-injury", at("02-27 10:00"), "t", stage="stage-1", began="here")
    put(hospital, "pressure-injury", at("02-28 10:00"), "t", **new)
    put(hospital, "pressure-injury", at("02-29 10:00"), "t", **new)
    put(hospital, "pressure-injury", at("02-27 10:00"), "u", struck_at=at("02-27 11:00"), **new)
    put(hospital, "pressure-injury", at("03-02 10:00"), "u", **new)

    assert line(hospital, "new_injuries") == [0, 1, 0, 0, 1]


@pytest.mark.parametrize(
    ("since", "until", "whole_time", "by_month"),
    [
        ("02-01 09:00", None, 1, [1, 1]),
        ("02-28 09:00", "02-28 15:00", 1, [1, 0]),
        ("02-28 09:00", "03-01 00:00", 1, [1, 1]),
        ("02-29 23:59", "03-01 00:01", 1, [1, 1]),
        ("03-01 00:00", None, 1, [0, 1]),
        ("02-01 09:00", "02-26 23:59", 0, [0, 0]),
        ("03-03 00:00", None, 0, [0, 0]),
    ],
)
def test_patients_are_who_lay_there_and_who_came(
    hospital: Database, since: str, until: str | None, whole_time: int, by_month: list[int]
) -> None:
    """Of each time by itself: who lay there over the turn of the month is one of both, and one of the whole."""
    lies(hospital, "s", since, until)
    with hospital.read() as conn:
        found = counted(conn, ("a",), FEBRUARY)

    assert whole(found).counts["patients"] == whole_time
    assert [one.counts["patients"] for one in periods(found, "month")] == by_month


def test_a_move_within_the_ward_is_no_new_patient(hospital: Database) -> None:
    """From bed to bed, twice; who goes to another ward and comes back counts again."""
    with hospital.write() as conn:
        moves = [at("02-28 09:00"), at("02-28 12:00"), at("02-29 09:00"), at("03-01 09:00"), at("03-02 09:00")]
        wards = "aaba"
        places = [(ward, moves[n], moves[n + 1]) for n, ward in enumerate(wards)]
        stay(conn, "s", *places)
    with hospital.read() as conn:
        assert whole(counted(conn, ("a",), FEBRUARY)).counts["patients"] == 2
        assert whole(counted(conn, ("b",), FEBRUARY)).counts["patients"] == 1


_WHEN = st.integers(-2 * 1440, 7 * 1440).map(lambda minutes: at("02-27 00:00") + timedelta(minutes=minutes))
_EVENTS = st.lists(
    st.tuples(
        _WHEN,
        st.sampled_from(["fall", "pressure-injury", "medication-error", "near-miss", "tube", "other"]),
        st.sampled_from(["none", "grade-1", "death"]),
        st.sampled_from(["stage-1", "stage-2", "deep-tissue"]),
        st.sampled_from(["here", "before"]),
        st.sampled_from(["s", "t", None]),
        st.booleans(),
    ),
    max_size=12,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=_EVENTS)
def test_any_events_are_counted_as_a_person_would(hospital: Database, events: list[Any]) -> None:
    """Read aloud in the order of time, with a mark at each patient whose pressure injury was counted."""
    with hospital.write() as conn:
        for table in _TABLES:
            conn.execute(delete(table))
    for name in "st":
        lies(hospital, name)
    expected: dict[date, Counter[str]] = {on: Counter() for on in FEBRUARY.each()}
    marked: set[str] = set()
    for when, kind, harm, stage, began, who, is_struck in sorted(events, key=lambda one: one[0]):
        answers = {"harm": harm} if kind == "fall" else {"stage": stage, "began": began}
        put(hospital, kind, when, who, **answers, struck_at=when if is_struck else None)
        if is_struck or who is None:
            continue
        day = expected.get(ward_date(when), Counter())
        if kind == "fall":
            day["falls"] += 1
            day["falls_harmed"] += harm != "none"
        elif kind == "pressure-injury" and stage != "stage-1" and began == "here":
            day["new_injuries"] += who not in marked
            marked.add(who)
        elif kind in ("medication-error", "near-miss"):
            day["medication_errors" if kind == "medication-error" else "near_misses"] += 1

    with hospital.read() as conn:
        found = counted(conn, ("a",), FEBRUARY)

    for on in Days(FEBRUARY.since, FEBRUARY.until).each():
        assert {term: found[on].get(term, 0) for term in TERMS} == {term: expected[on][term] for term in TERMS}
