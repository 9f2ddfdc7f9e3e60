"""The terms of the KPIs for each ward and day, grouped in SQL. The page of the KPIs asks for them.

Calls, doses and bills are many: their days are summed as they come in (`sums`). Stays and complaints are counted here,
adverse events next to their table.

A bed-day is somebody in a bed of the ward at the last moment of the day: days come from where moves fall, so a place
adds one from the day it began and takes it away from the day it ended. Who moves at 00:00 belongs to the new ward from
the day that begins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Subquery,
    Table,
    case,
    exists,
    func,
    literal,
    select,
    union_all,
)

from server.adverse.counting import reported
from server.adverse.tubes import tube_days
from server.complaints.models import Complaint, ComplaintStep
from server.identity.models import Staff
from server.kpis.days import begins_micros, day_at, day_of, micros, number_of
from server.kpis.sums import SUM
from server.patients.models import Bed, Encounter, Stay
from server.roster.models import RosterCell
from server.wards.models import BedClosure
from wardlink.clinical.complaints import reply_within
from wardlink.clinical.roster import NURSES
from wardlink.clinical.shifts import shift_length, shifts

_BED: Table = Bed.__table__  # type: ignore[attr-defined]
_CELL: Table = RosterCell.__table__  # type: ignore[attr-defined]
_STAFF: Table = Staff.__table__  # type: ignore[attr-defined]
_CLOSURE: Table = BedClosure.__table__  # type: ignore[attr-defined]
_STAY: Table = Stay.__table__  # type: ignore[attr-defined]
_ENCOUNTER: Table = Encounter.__table__  # type: ignore[attr-defined]
_COMPLAINT: Table = Complaint.__table__  # type: ignore[attr-defined]
_STEP: Table = ComplaintStep.__table__  # type: ignore[attr-defined]

_MINUTE = timedelta(minutes=1)

ByDay = Mapping[date, Mapping[str, int]]
"""The terms of some wards together, a line a day; every day that was asked for is there."""


@dataclass(frozen=True)
class Days:
    """Days of the ward, both included."""

    since: date
    until: date

    def each(self) -> list[date]:
        """Every day."""
        return [self.since + timedelta(days=n) for n in range((self.until - self.since).days + 1)]


def counted(conn: Connection, wards: Collection[str], days: Days) -> ByDay:
    """The terms of these wards, summed over them, for each of these days. Reads the database."""
    found: dict[date, Counter[str]] = {on: Counter() for on in days.each()}
    beds = _open(conn, wards, days)
    lying = _lying(conn, wards, days)
    for on in found:
        found[on].update(open_days=beds[on])
    for of_ward in lying.values():
        for on, (before, lay) in of_ward.items():
            found[on].update(occupied_days=lay, lying_before=before)
    planned = conn.execute(_planned(wards, days)).all()
    for shift in planned:
        found[shift.day].update(nurse_minutes=shift.n * (shift_length(shift.day, shift.code) // _MINUTE))
    for ward, on in {(shift.ward, shift.day) for shift in planned}:
        found[on].update(rostered_days=lying[ward][on][1])
    for on, terms in tube_days(conn, wards, days.since, days.until).items():
        found[on].update(terms)
    for on, terms in reported(conn, wards, days.since, days.until).items():
        found[on].update(terms)
    for day, term, n in conn.execute(_summed(wards, days)):
        found[day_at(day)][term] += int(n)
    for query in (_left(wards, days), _arrived(wards, days), _complained(wards, days)):
        for row in conn.execute(query).mappings():
            terms = {name: int(value) for name, value in row.items() if name != "day"}
            found[day_at(row["day"])].update(terms)
    return found


def _open(conn: Connection, wards: Collection[str], days: Days) -> dict[date, int]:
    """How many beds were in service at the last moment of each day; of a day that goes on, as it is planned now."""
    beds = _beds(wards)
    began = conn.execute(select(beds.c.day, func.count().label("n")).group_by(beds.c.day)).all()
    ended = func.coalesce(_CLOSURE.c.back_at, _CLOSURE.c.until_at)
    closed = conn.execute(
        select(beds.c.day, day_of(_CLOSURE.c.from_at).label("since"), day_of(ended).label("until"))
        .select_from(_CLOSURE.join(beds, (beds.c.ward == _CLOSURE.c.ward) & (beds.c.id == _CLOSURE.c.bed)))
        .where(micros(_CLOSURE.c.from_at) < literal(begins_micros(days.until + timedelta(days=1)), BigInteger))
    ).all()
    changes: Counter[int] = Counter()
    for row in began:
        changes[row.day] += row.n
    for row in closed:
        since = max(row.day, row.since)
        if row.until is None or row.until > since:
            changes[since] -= 1
        if row.until is not None and row.until > since:
            changes[row.until] += 1
    first = number_of(days.since)
    before = sum(n for day, n in changes.items() if day < first)
    running = accumulate((changes[number_of(on)] for on in days.each()), initial=before)
    return dict(zip(days.each(), list(running)[1:], strict=True))


def _beds(wards: Collection[str]) -> Subquery:
    """Each bed with the day from which on it counts."""
    # Nothing is known of a ward before somebody first lay in it: its beds were not empty then.
    first = (
        select(_STAY.c.ward, func.min(day_of(_STAY.c.from_at)).label("day"))
        .where(_STAY.c.ward.in_(wards))
        .group_by(_STAY.c.ward)
        .subquery()
    )
    made = day_of(_BED.c.made_at)
    day = case((made > first.c.day, made), else_=first.c.day)
    return (
        select(_BED.c.ward, _BED.c.id, day.label("day"))
        .select_from(_BED.join(first, first.c.ward == _BED.c.ward))
        .subquery()
    )


def _lying(conn: Connection, wards: Collection[str], days: Days) -> dict[str, dict[date, tuple[int, int]]]:
    """Of each ward who lay there when a day began, and its bed-days."""
    first, last = number_of(days.since), number_of(days.until)
    changes: dict[str, Counter[int]] = {ward: Counter() for ward in wards}
    for ward, day, change in conn.execute(_moves(wards, last)):
        changes[ward][max(day, first - 1)] += int(change)
    short = {(row.ward, row.day): row.n for row in conn.execute(_came_and_left(wards, days))}
    found = {}
    for ward, moved in changes.items():
        lying = list(accumulate(moved[day] for day in range(first - 1, last + 1)))
        found[ward] = {
            on: (lying[n], lying[n + 1] + short.get((ward, first + n), 0)) for n, on in enumerate(days.each())
        }
    return found


def _moves(wards: Collection[str], last: int) -> Select[Any, Any, Any]:
    # All moves since the first one: who came long ago still lies there.
    c, here = _STAY.c, _STAY.c.ward.in_(wards)
    came = select(c.ward, day_of(c.from_at).label("day"), literal(1).label("change")).where(here)
    left = select(c.ward, day_of(c.until_at).label("day"), literal(-1).label("change")).where(
        here, c.until_at.is_not(None)
    )
    moves = union_all(came, left).subquery()
    return (
        select(moves.c.ward, moves.c.day, func.sum(moves.c.change))
        .where(moves.c.day <= last)
        .group_by(moves.c.ward, moves.c.day)
    )


def _came_and_left(wards: Collection[str], days: Days) -> Select[Any, int, int]:
    day = day_of(_ENCOUNTER.c.discharged_at)
    return (
        select(_ENCOUNTER.c.ward, day.label("day"), func.count().label("n"))
        .where(_ENCOUNTER.c.ward.in_(wards), *_within(_ENCOUNTER.c.discharged_at, days))
        .where(day_of(_ENCOUNTER.c.admitted_at) == day)
        .group_by(_ENCOUNTER.c.ward, day)
    )


def _planned(wards: Collection[str], days: Days) -> Select[Any, date, int, int]:
    """How many nurses are entered for each shift of each ward and day."""
    c = _CELL.c
    return (
        select(c.ward, c.day, c.code, func.count().label("n"))
        .select_from(_CELL.join(_STAFF, _STAFF.c.id == c.staff))
        .where(c.ward.in_(wards), c.day.between(days.since, days.until))
        .where(c.code.in_(tuple(shifts())), _STAFF.c.role.in_(sorted(NURSES)))
        .group_by(c.ward, c.day, c.code)
    )


def _arrived(wards: Collection[str], days: Days) -> Select[int, int]:
    """Who came into the ward; a move from bed to bed within it is no coming."""
    day, before = day_of(_STAY.c.from_at), _STAY.alias("before")
    was_here = exists().where(
        before.c.encounter == _STAY.c.encounter,
        before.c.ward == _STAY.c.ward,
        before.c.until_at == _STAY.c.from_at,
        before.c.id != _STAY.c.id,
    )
    return (
        select(day.label("day"), func.count().label("arrived"))
        .where(_STAY.c.ward.in_(wards), ~was_here, *_within(_STAY.c.from_at, days))
        .group_by(day)
    )


def _left(wards: Collection[str], days: Days) -> Select[int, int, Any]:
    day = day_of(_ENCOUNTER.c.discharged_at)
    nights = day - day_of(_ENCOUNTER.c.admitted_at)
    return (
        select(
            day.label("day"),
            func.count().label("discharges"),
            func.sum(case((nights < 1, 1), else_=nights)).label("discharged_days"),
        )
        .where(_ENCOUNTER.c.ward.in_(wards), *_within(_ENCOUNTER.c.discharged_at, days))
        .group_by(day)
    )


def _summed(wards: Collection[str], days: Days) -> Select[Any]:
    between = SUM.c.day.between(number_of(days.since), number_of(days.until))
    return (
        select(SUM.c.day, SUM.c.term, func.sum(SUM.c.n).label("n"))
        .where(SUM.c.ward.in_(wards), between)
        .group_by(SUM.c.day, SUM.c.term)
    )


def _complained(wards: Collection[str], days: Days) -> Select[int, int, Any]:
    day = day_of(_COMPLAINT.c.submitted_at)
    first = (
        select(_STEP.c.complaint, func.min(micros(_STEP.c.at)).label("at"))
        .where(_STEP.c.act == "reply")
        .group_by(_STEP.c.complaint)
        .subquery()
    )
    took = first.c.at - micros(_COMPLAINT.c.submitted_at)
    in_time = case((took <= _as_micros(reply_within()), 1), else_=0)
    return (
        select(day.label("day"), func.count().label("complaints"), func.sum(in_time).label("complaints_in_time"))
        .select_from(_COMPLAINT.outerjoin(first, first.c.complaint == _COMPLAINT.c.id))
        .where(_COMPLAINT.c.ward.in_(wards), _COMPLAINT.c.kind == "complaint", _COMPLAINT.c.office_only.is_(False))
        .where(*_within(_COMPLAINT.c.submitted_at, days))
        .group_by(day)
    )


def _within(column: ColumnElement[Any], days: Days) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    at = micros(column)
    return (
        at >= literal(begins_micros(days.since), BigInteger),
        at < literal(begins_micros(days.until + timedelta(days=1)), BigInteger),
    )


def _as_micros(span: timedelta) -> ColumnElement[int]:
    return literal(span // timedelta(microseconds=1), BigInteger)
