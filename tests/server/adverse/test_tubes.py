"""Tubes that patients have: entered once, taken out, struck out; and their days against a plain model."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, delete, insert

from server.adverse import tubes
from server.adverse.models import DeviceUse
from server.db import Database
from server.identity.staff import Person
from server.patients.models import Encounter, Stay
from tests.server.complaints.ward import DOCTOR, NURSE
from tests.server.kpis.test_counting import FEBRUARY, at, hospital, line, stay
from tests.server.wards import NOW, STAY_1, STAY_2, SmallWard
from wardlink.clock import WARD_ZONE
from wardlink.errors import Collision, InvalidInput, NoRight, NotFound
from wardlink.ids import new_id

__all__ = ["hospital"]

_USE: Table = DeviceUse.__table__  # type: ignore[attr-defined]
_TABLES: tuple[Table, ...] = (_USE, Stay.__table__, Encounter.__table__)  # type: ignore[attr-defined]
HOUR = timedelta(hours=1)


def test_in_out_and_struck(ward: SmallWard) -> None:
    """Sent twice it is there once; out is out; who has no right enters nothing; every step is in the audit."""
    core, use = ward.core, new_id()
    for _again in range(2):
        tubes.put_in(core, NURSE, use, STAY_1, "urinary", NOW - 5 * HOUR)
    with pytest.raises(Collision):
        tubes.put_in(core, NURSE, use, STAY_1, "central", NOW - 5 * HOUR)
    with pytest.raises(NoRight):
        tubes.put_in(core, Person("k1", "唐梅", "kitchen", ("w1",)), new_id(), STAY_1, "urinary", NOW)
    with pytest.raises(NotFound):
        tubes.take_out(core, DOCTOR, use, STAY_2, NOW, planned=True)
    with pytest.raises(InvalidInput):
        tubes.take_out(core, DOCTOR, use, STAY_1, NOW - 5 * HOUR, planned=True)
    tubes.take_out(core, DOCTOR, use, STAY_1, NOW - HOUR, planned=False)
    with pytest.raises(Collision):
        tubes.take_out(core, NURSE, use, STAY_1, NOW, planned=True)
    with pytest.raises(InvalidInput):
        tubes.strike_out(core, NURSE, use, STAY_1, " ")
    tubes.strike_out(core, NURSE, use, STAY_1, "录错病人")
    with pytest.raises(Collision):
        tubes.strike_out(core, NURSE, use, STAY_1, "再来一次")

    with ward.db.read() as conn:
        (row,) = tubes.tubes_of(conn, STAY_1)
        audited = conn.exec_driver_sql("SELECT action FROM access_audit ORDER BY no").scalars().all()
    assert (row.planned, row.removed_by, row.struck_by, row.reason) == (False, "staff:d1", "staff:n1", "录错病人")
    assert [action for action in audited if action.startswith("tube-")] == ["tube-in", "tube-out", "tube-struck"]


@pytest.mark.parametrize(
    ("device", "when"),
    [("hose", NOW), ("", NOW), ("urinary", NOW + HOUR), ("urinary", NOW - timedelta(days=367))],
)
def test_what_cannot_be_right_is_refused(ward: SmallWard, device: str, when: datetime) -> None:
    """No such tube, a time that has not come, one that is too long ago."""
    with pytest.raises(InvalidInput):
        tubes.put_in(ward.core, NURSE, new_id(), STAY_1, device, when)

    with ward.db.read() as conn:
        assert list(tubes.tubes_of(conn, STAY_1)) == []


def has(db: Database, since: str, until: str | None, name: str = "s", **other: Any) -> None:
    """A urinary catheter of this stay."""
    row = {"id": new_id(), "encounter": name, "device": "urinary", "inserted_at": at(since), "inserted_by": "x"}
    with db.write() as conn:
        conn.execute(insert(_USE).values(**(row | {"removed_at": None if until is None else at(until)} | other)))


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("02-28 09:00", "03-01 09:00", [0, 1, 1, 0, 0]),
        ("02-28 09:00", "02-28 15:00", [0, 1, 0, 0, 0]),
        ("02-28 23:59", "02-29 00:00", [0, 1, 0, 0, 0]),
        ("02-29 00:00", "02-29 00:01", [0, 0, 1, 0, 0]),
        ("02-01 10:00", None, [1, 1, 1, 1, 0]),
        ("01-01 10:00", None, [1, 1, 1, 1, 0]),
        ("03-02 09:00", None, [0, 0, 0, 0, 0]),
        ("02-01 10:00", "02-27 00:00", [0, 0, 0, 0, 0]),
        ("02-26 09:00", "02-26 10:00", [0, 0, 0, 0, 0]),
    ],
)
def test_a_day_is_who_lies_there_with_it_at_midnight(
    hospital: Database, since: str, until: str | None, expected: list[int]
) -> None:
    """What nobody took out ends with the stay, on 2 March at eight; in and out on one day counts one."""
    with hospital.write() as conn:
        stay(conn, "s", ("a", at("02-01 09:00"), at("03-02 08:00")))
    has(hospital, since, until)
    has(hospital, since, until)
    has(hospital, "02-27 09:00", None, struck_by="x")

    assert line(hospital, "days_urinary") == expected
    assert line(hospital, "days_central") == [0] * 5


def test_a_day_belongs_to_the_ward_of_midnight(hospital: Database) -> None:
    """A move at noon; the day of both wards together is one."""
    with hospital.write() as conn:
        stay(conn, "s", ("a", at("02-27 09:00"), at("02-29 12:00")), ("b", at("02-29 12:00"), None))
    has(hospital, "02-28 09:00", "03-02 09:00")

    assert line(hospital, "days_urinary", ("a",)) == [0, 1, 0, 0, 0]
    assert line(hospital, "days_urinary", ("b",)) == [0, 0, 1, 1, 0]
    assert line(hospital, "days_urinary", ("a", "b")) == [0, 1, 1, 1, 0]


_WHEN = st.integers(-2 * 24, 7 * 24).map(lambda hours: at("02-27 00:00") + timedelta(hours=hours, minutes=hours % 7))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moves=st.lists(_WHEN, min_size=2, max_size=4, unique=True).map(sorted),
    uses=st.lists(
        st.tuples(st.lists(_WHEN, min_size=2, max_size=2, unique=True).map(sorted), st.booleans()), max_size=4
    ),
)
def test_days_are_counted_as_a_person_would(
    hospital: Database, moves: list[datetime], uses: list[tuple[list[datetime], bool]]
) -> None:
    """Looking at the bed at the end of every day; and at what came and went within one."""
    with hospital.write() as conn:
        for table in _TABLES:
            conn.execute(delete(table))
        stay(conn, "s", *(("ab"[n % 2], moves[n], moves[n + 1]) for n in range(len(moves) - 1)))
        for (begin, end), is_open in uses:
            row = {"id": new_id(), "encounter": "s", "device": "urinary", "inserted_at": begin, "inserted_by": "x"}
            conn.execute(insert(_USE).values(**row, removed_at=None if is_open else end))

    for ward in "ab":
        expected = [any(_has(moves, ward, use, on) for use in uses) for on in FEBRUARY.each()]
        assert line(hospital, "days_urinary", (ward,)) == expected


def _has(moves: list[datetime], ward: str, use: tuple[list[datetime], bool], on: date) -> bool:
    (begin, removed), is_open = use
    end = moves[-1] if is_open else min(removed, moves[-1])
    midnight = datetime.combine(on, datetime.max.time(), WARD_ZONE)
    places = [("ab"[n % 2], moves[n], moves[n + 1]) for n in range(len(moves) - 1)]
    with_it = begin <= midnight < end
    if with_it and any(of == ward and since <= midnight < until for of, since, until in places):
        return True
    first = max(begin, moves[0])
    is_short = first < end and first.astimezone(WARD_ZONE).date() == end.astimezone(WARD_ZONE).date() == on
    return is_short and any(of == ward and since < end <= until for of, since, until in places)
