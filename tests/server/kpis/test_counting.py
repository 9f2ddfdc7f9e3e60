"""What the KPIs are made of: bed-days by who lies there at midnight, discharges, calls and complaints."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Table, delete, insert, update

from server.complaints.models import Complaint, ComplaintStep
from server.db import Database
from server.identity.models import Staff
from server.kpis import sums
from server.kpis.counting import Days, counted
from server.patients.models import Bed, Encounter, Patient, Stay, Ward
from server.roster.models import RosterCell
from server.wards.models import BedClosure
from wardlink.clock import WARD_ZONE
from wardlink.ids import new_id

_TABLES: dict[type, Table] = {
    model: model.__table__  # type: ignore[attr-defined]
    for model in (Ward, Bed, BedClosure, Staff, RosterCell, Patient, Encounter, Stay, Complaint, ComplaintStep)
}
FEBRUARY = Days(date(2028, 2, 27), date(2028, 3, 2))
"""Five days with a leap day among them."""

Place = tuple[str, datetime, datetime | None]
"""A ward, from when, until when."""


def at(text: str) -> datetime:
    """An instant on the ward's wall: `02-28 14:30`."""
    return datetime.strptime(f"2028-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=WARD_ZONE)


def put(conn: Connection, model: type, **values: Any) -> None:
    """A row."""
    conn.execute(insert(_TABLES[model]).values(**values))


@pytest.fixture
def hospital(database: Database) -> Database:
    """Two wards, of three beds and of one."""
    with database.write() as conn:
        for ward, beds in (("a", 3), ("b", 1)):
            put(conn, Ward, id=ward, name=ward, log_id=ward, head=b"")
            for n in range(beds):
                put(conn, Bed, ward=ward, id=str(n), label=str(n))
        put(conn, Patient, id="p", mrn="p", name="p", sex="female", birth_on=date(1950, 1, 1))
    return database


def stay(conn: Connection, name: str, *places: Place) -> None:
    """Somebody who lay in these places, one after the other."""
    ward, _from, until = places[-1]
    encounter = {
        "id": name,
        "admission_no": name,
        "patient": "p",
        "ward": ward,
        "bed": name,
        "status": "in-progress" if until is None else "finished",
        "level": "2",
        "diet": "regular",
        "allergies": [],
        "admitted_at": places[0][1],
        "discharged_at": until,
    }
    put(conn, Encounter, **encounter)
    for of, begin, end in places:
        put(conn, Stay, encounter=name, ward=of, bed=name, from_at=begin, until_at=end)


def line(db: Database, term: str, wards: tuple[str, ...] = ("a",), days: Days = FEBRUARY) -> list[int]:
    """A term, a number a day."""
    with db.read() as conn:
        return [terms.get(term, 0) for terms in counted(conn, wards, days).values()]


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("02-28 00:00", "02-29 00:00", [0, 1, 0, 0, 0]),
        ("02-27 23:59", "02-29 00:00", [1, 1, 0, 0, 0]),
        ("02-28 00:00", "02-28 23:59", [0, 1, 0, 0, 0]),
        ("02-28 23:59", "02-29 00:01", [0, 1, 0, 0, 0]),
        ("02-28 09:00", "03-01 09:00", [0, 1, 1, 0, 0]),
        ("02-28 09:00", "02-28 15:00", [0, 1, 0, 0, 0]),
        ("02-01 09:00", None, [1, 1, 1, 1, 1]),
        ("02-01 09:00", "02-27 00:00", [0, 0, 0, 0, 0]),
        ("02-26 09:00", "02-26 10:00", [0, 0, 0, 0, 0]),
        ("03-02 23:59", None, [0, 0, 0, 0, 1]),
        ("03-03 00:00", None, [0, 0, 0, 0, 0]),
    ],
)
def test_a_bed_day_is_who_lies_there_at_midnight(
    hospital: Database, since: str, until: str | None, expected: list[int]
) -> None:
    """The day of admission counts, that of discharge does not; who comes and leaves on one day counts one."""
    with hospital.write() as conn:
        stay(conn, "s", ("a", at(since), None if until is None else at(until)))

    assert line(hospital, "occupied_days") == expected


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ("02-01 09:00", [3, 3, 3, 3, 3]),
        ("02-29 00:00", [0, 0, 3, 3, 3]),
        ("02-28 23:59", [0, 3, 3, 3, 3]),
        ("03-03 00:00", [0, 0, 0, 0, 0]),
    ],
)
def test_beds_are_open_from_the_day_somebody_first_lay_in_the_ward(
    hospital: Database, since: str, expected: list[int]
) -> None:
    """Before that nothing is known, and nothing known is no empty bed; a ward that nobody has lain in adds none."""
    with hospital.write() as conn:
        stay(conn, "s", ("a", at(since), None))

    assert line(hospital, "open_days", ("a", "b")) == expected


def close(conn: Connection, bed: str, since: datetime, until: datetime | None, back: datetime | None = None) -> None:
    """A bed of the first ward is taken out of service."""
    planned = {"from_at": since, "until_at": until, "back_at": back, "closed_at": since}
    put(conn, BedClosure, id=new_id(), ward="a", bed=bed, reason="repair", closed_by="staff:m", **planned)


@pytest.mark.parametrize(
    ("since", "until", "back", "expected"),
    [
        ("02-28 00:00", None, None, [3, 2, 2, 2, 2]),
        ("02-27 23:59", None, None, [2, 2, 2, 2, 2]),
        ("02-28 10:00", "02-28 23:59", None, [3, 3, 3, 3, 3]),
        ("02-28 10:00", "02-29 00:00", None, [3, 2, 3, 3, 3]),
        ("02-28 10:00", None, "03-01 08:00", [3, 2, 2, 3, 3]),
        ("02-28 10:00", "03-02 08:00", "02-29 08:00", [3, 2, 3, 3, 3]),
        ("02-01 10:00", "02-20 10:00", None, [3, 3, 3, 3, 3]),
        ("01-01 10:00", "01-20 10:00", None, [3, 3, 3, 3, 3]),
        ("01-01 10:00", None, "02-28 08:00", [2, 3, 3, 3, 3]),
        ("03-02 23:59", None, None, [3, 3, 3, 3, 2]),
        ("03-03 00:00", None, None, [3, 3, 3, 3, 3]),
    ],
)
def test_a_closed_bed_is_not_open_at_the_end_of_the_day(
    hospital: Database, since: str, until: str | None, back: str | None, expected: list[int]
) -> None:
    """Whenever it was closed and given back before: what counts is the last moment of each day."""
    with hospital.write() as conn:
        stay(conn, "s", ("a", at("02-01 09:00"), None))
        close(conn, "1", at(since), *(None if text is None else at(text) for text in (until, back)))

    assert line(hospital, "open_days", ("a", "b")) == expected


def test_a_bed_that_is_added_later_is_open_from_then_on(hospital: Database) -> None:
    """From the day on which it was set up; closed before that it takes nothing away."""
    with hospital.write() as conn:
        stay(conn, "s", ("a", at("02-01 09:00"), None))
        put(conn, Bed, ward="a", id="new", label="new", made_at=at("02-29 10:00"))
        close(conn, "new", at("02-10 10:00"), None, at("03-01 08:00"))

    assert line(hospital, "open_days") == [3, 3, 3, 4, 4]


CLOSINGS = st.lists(
    st.tuples(st.sampled_from("012"), st.integers(0, 200), st.integers(1, 60), st.booleans(), st.integers(0, 60)),
    max_size=5,
    unique_by=lambda each: each[0],
)


@given(closings=CLOSINGS, made=st.one_of(st.none(), st.integers(0, 200)))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_open_beds_are_those_in_service_at_the_last_moment(
    hospital: Database, closings: list[tuple[str, int, int, bool, int]], made: int | None
) -> None:
    """Against asking each bed at each midnight."""
    begin = at("02-25 00:00")
    first = begin if made is None else begin + timedelta(hours=made)
    with hospital.write() as conn:
        for table in (BedClosure, Stay, Encounter):
            conn.execute(delete(_TABLES[table]))
        conn.execute(
            update(_TABLES[Bed]).where(_TABLES[Bed].c.id == "2").values(made_at=None if made is None else first)
        )
        stay(conn, "s", ("a", at("02-01 09:00"), None))
        for bed, since_h, hours, is_open, back_h in closings:
            since = begin + timedelta(hours=since_h)
            until = None if is_open else since + timedelta(hours=hours)
            close(conn, bed, since, until, since + timedelta(hours=back_h) if back_h < hours else None)

    expected = []
    for day in FEBRUARY.each():
        last = datetime.combine(day + timedelta(days=1), datetime.min.time(), WARD_ZONE) - timedelta(microseconds=1)
        closed = {
            bed
            for bed, since_h, hours, is_open, back_h in closings
            if begin + timedelta(hours=since_h) <= last
            and ((is_open and back_h >= hours) or last < begin + timedelta(hours=since_h + min(hours, back_h)))
        }
        beds = {bed for bed in "012" if bed != "2" or made is None or first <= last}
        expected.append(len(beds - closed))
    assert line(hospital, "open_days") == expected


@pytest.mark.parametrize(
    ("moved", "left", "first", "second"),
    [
        ("02-29 00:00", "03-02 08:00", [0, 1, 0, 0, 0], [0, 0, 1, 1, 0]),
        ("02-28 23:59", "03-02 08:00", [0, 0, 0, 0, 0], [0, 1, 1, 1, 0]),
        ("02-28 10:00", "02-28 12:00", [0, 0, 0, 0, 0], [0, 1, 0, 0, 0]),
    ],
)
def test_a_move_gives_the_day_to_the_ward_of_midnight(
    hospital: Database, moved: str, left: str, first: list[int], second: list[int]
) -> None:
    """No day is counted twice and none is lost; the discharge is that of the last ward, with the whole stay."""
    with hospital.write() as conn:
        stay(conn, "s", ("a", at("02-28 09:00"), at(moved)), ("b", at(moved), at(left)))

    assert line(hospital, "occupied_days", ("a",)) == first
    assert line(hospital, "occupied_days", ("b",)) == second
    both = [one + other for one, other in zip(first, second, strict=True)]
    assert line(hospital, "occupied_days", ("a", "b")) == both
    assert sum(line(hospital, "discharges", ("a",))) == 0
    assert sum(line(hospital, "discharges", ("b",))) == 1
    assert sum(line(hospital, "discharged_days", ("b",))) == sum(both)


def test_what_was_summed_by_day_is_added_up(hospital: Database) -> None:
    """Of these wards and days, and no others."""
    with hospital.write() as conn:
        for ward, on, n in (
            ("a", "02-27", 1),
            ("a", "03-02", 2),
            ("b", "03-02", 4),
            ("a", "03-03", 8),
            ("a", "02-26", 16),
        ):
            day = (at(f"{on} 12:00").date() - date(1970, 1, 1)).days
            sums.follow(conn, {}, {(ward, day, "calls"): n})

    assert line(hospital, "calls") == [1, 0, 0, 0, 2]
    assert line(hospital, "calls", ("a", "b")) == [1, 0, 0, 0, 6]


def test_complaints_count_by_their_first_answer(hospital: Database) -> None:
    """24 hours to the second; thanks and what only the office sees are left out; a second answer changes nothing."""
    made = at("02-28 10:00")
    day_s = 24 * 3600
    complaints: list[tuple[str, bool, list[int]]] = [
        ("complaint", False, [day_s, day_s + 500]),
        ("complaint", False, [day_s + 1]),
        ("complaint", False, []),
        ("complaint", True, [60]),
        ("praise", False, [60]),
    ]
    with hospital.write() as conn:
        for n, (kind, office, answers) in enumerate(complaints):
            row = {
                "id": str(n),
                "ward": "a",
                "encounter": "s",
                "kind": kind,
                "topic": "food",
                "words": "",
                "talk": False,
            }
            lists: dict[str, Any] = {"sentences": [], "about": []}
            times = dict.fromkeys(("submitted_at", "received_at", "begun_at"), made)
            rest = {"office_only": office, "several_departments": False, "state": "submitted"}
            put(conn, Complaint, **row, **lists, **times, **rest)
            for step, after_s in enumerate(answers):
                done = made + timedelta(seconds=after_s)
                put(conn, ComplaintStep, id=f"{n}-{step}", complaint=str(n), act="reply", at=done, actor="x", detail={})

    assert line(hospital, "complaints") == [0, 3, 0, 0, 0]
    assert line(hospital, "complaints_in_time") == [0, 1, 0, 0, 0]


def test_a_hospital_without_wards_has_days_all_the_same(hospital: Database) -> None:
    """Nothing is counted, and nothing fails."""
    assert line(hospital, "occupied_days", ()) == [0] * 5


_MINUTES = st.integers(-3 * 1440, 8 * 1440).map(lambda minutes: at("02-27 00:00") + timedelta(minutes=minutes))
_MIDNIGHTS = st.integers(-3, 8).map(lambda days: at("02-27 00:00") + timedelta(days=days))
_INSTANTS = st.lists(_MINUTES | _MIDNIGHTS, min_size=1, max_size=4, unique=True).map(sorted)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stays=st.lists(st.tuples(_INSTANTS, st.booleans(), st.booleans()), max_size=6))
def test_sql_counts_as_a_person_would(hospital: Database, stays: list[tuple[list[datetime], bool, bool]]) -> None:
    """Any stays, moves to and fro, open ones too: the same as looking into every bed at the end of every day."""
    told: list[list[Place]] = []
    for instants, is_open, turned in stays:
        ends: list[datetime | None] = [*instants[1:]]
        if is_open or len(instants) == 1:
            ends.append(None)
        begins = instants[: len(ends)]
        told.append([("ab"[(n + turned) % 2], b, e) for n, (b, e) in enumerate(zip(begins, ends, strict=True))])
    with hospital.write() as conn:
        for model in (Stay, Encounter):
            conn.execute(delete(_TABLES[model]))
        for n, places in enumerate(told):
            stay(conn, f"s{n}", *places)

    for ward in "ab":
        expected = [sum(_counts(places, ward, on) for places in told) for on in FEBRUARY.each()]
        assert line(hospital, "occupied_days", (ward,)) == expected


def _counts(places: list[Place], ward: str, on: date) -> bool:
    # Just before midnight: instants are of whole minutes here.
    end = datetime.combine(on, datetime.max.time(), WARD_ZONE).astimezone(UTC)
    if any(of == ward and begin <= end and (until is None or end < until) for of, begin, until in places):
        return True
    last_ward, _begin, left = places[-1]
    is_short = left is not None and places[0][1].astimezone(WARD_ZONE).date() == left.astimezone(WARD_ZONE).date() == on
    return is_short and last_ward == ward


ROSTER = [
    ([("02-28", "n1", "day")], [0, 480, 0, 0, 0], [0, 1, 0, 0, 0]),
    (
        [("02-28", "n1", "day"), ("02-28", "n2", "night"), ("03-02", "n1", "evening")],
        [0, 960, 0, 0, 480],
        [0, 1, 0, 0, 1],
    ),
    ([("02-28", "n1", "on-call"), ("02-29", "n2", "off")], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]),
    ([("02-28", "d1", "day")], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]),
    ([("02-26", "n1", "day"), ("03-03", "n1", "day")], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]),
]


@pytest.mark.parametrize(("cells", "minutes", "bed_days"), ROSTER)
def test_planned_hours_are_those_of_nurses_on_shifts(
    hospital: Database, cells: list[tuple[str, str, str]], minutes: list[int], bed_days: list[int]
) -> None:
    """On days without a nurse on the roster nothing is known, and their bed-days are left out as well."""
    with hospital.write() as conn:
        for name, role in (("n1", "nurse"), ("n2", "charge-nurse"), ("d1", "doctor")):
            put(conn, Staff, id=name, badge=name, name=name, role=role, wards=["a"], pin_hash="-", active=True)
        stay(conn, "s", ("a", at("02-01 09:00"), None))
        for day, staff, code in cells:
            on = at(f"{day} 00:00").date()
            put(conn, RosterCell, ward="a", day=on, staff=staff, code=code, at=at("02-01 09:00"), by="staff:m")

    assert line(hospital, "nurse_minutes", ("a", "b")) == minutes
    assert line(hospital, "rostered_days", ("a", "b")) == bed_days
