"""A ward's week as it is read from the database, and as words: for the page, and for the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.words import ROLES, weekday_text, word
from server.roster.service import Worker, entries, nurses, workers
from wardlink.clinical.roster import Entry, code_text, overlaps, week, without_nurse
from wardlink.clinical.shifts import shift_on
from wardlink.clock import ward_time
from wardlink.i18n import domain

_ = domain("server").gettext


@dataclass(frozen=True)
class Grid:
    """A week of a ward: who is on its roster, and what is entered. `elsewhere`: of the same people in other wards."""

    ward: str
    days: tuple[date, ...]
    people: tuple[Worker, ...]
    entered: tuple[Entry, ...]
    elsewhere: tuple[Entry, ...]

    def codes(self) -> dict[tuple[str, date], str]:
        """What stands in a cell, by person and day."""
        return {(entry.staff, entry.on): entry.code for entry in self.entered}

    def nurses_on(self) -> Counter[tuple[str, date]]:
        """How many nurses have a shift of a day."""
        them = nurses(self.people)
        return Counter((entry.code, entry.on) for entry in self.entered if entry.staff in them)


def grid(conn: Connection, ward: str, day: date) -> Grid:
    """The week of a ward that a day belongs to."""
    days = week(day)
    found = entries(conn, days)
    here = tuple(entry for entry in found if entry.ward == ward)
    people = workers(conn, ward, {entry.staff for entry in here})
    known = {worker.id for worker in people}
    elsewhere = tuple(entry for entry in found if entry.ward != ward and entry.staff in known)
    return Grid(ward, days, tuple(people), here, elsewhere)


def day_text(day: date) -> str:
    """A day at the head of a column."""
    return _("{weekday} {day}").format(weekday=weekday_text(day.isoweekday()), day=f"{day:%m-%d}")


def hours_text(code: str, day: date) -> str:
    """A shift with its hours."""
    shift = shift_on(day, code)
    begins, ends = (f"{ward_time(at):%H:%M}" for at in (shift.begins_at, shift.ends_at))
    return _("{shift} {begins}–{ends}").format(shift=code_text(code), begins=begins, ends=ends)


def warnings(found: Grid) -> list[str]:
    """What stands out: nobody stops it, but somebody should look."""
    bare = without_nurse(found.entered, nurses(found.people), found.days)
    said = [
        _("{shift}: no nurse on {days}").format(shift=code_text(code), days=_(", ").join(map(day_text, days)))
        for code, days in bare.items()
    ]
    names = {worker.id: worker.name for worker in found.people}
    for one, other in overlaps((*found.entered, *found.elsewhere)):
        if found.ward in (one.ward, other.ward):
            places = (one, other) if one.ward == found.ward else (other, one)
            said.append(_twice(names[one.staff], *places))
    return said


def _twice(name: str, here: Entry, there: Entry) -> str:
    text = _("{name} is entered twice on {day}: {shift} here, {other} in ward {ward}")
    return text.format(
        name=name, day=day_text(here.on), shift=code_text(here.code), other=code_text(there.code), ward=there.ward
    )


def sheet(found: Grid) -> Sheet:
    """The week as a table, whose file can be sent back."""
    days: Sequence[Column] = [Column(day.isoformat(), day.isoformat()) for day in found.days]
    columns = (
        Column("badge", _("Staff number"), "mono"),
        Column("name", _("Full name")),
        Column("role", _("Role")),
        *days,
    )
    codes = found.codes()
    rows = []
    for worker in found.people:
        cells = {
            "badge": Cell(worker.badge),
            "name": Cell(worker.name),
            "role": Cell(word(ROLES, worker.role)),
        }
        for day in found.days:
            code = codes.get((worker.id, day))
            cells[day.isoformat()] = Cell(code_text(code) if code else "")
        rows.append(Row(worker.id, cells))
    return Sheet(columns, tuple(rows))
