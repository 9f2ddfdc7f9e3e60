"""A ward's week from a file: looked at first, then entered as a whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from server.core import Core
from server.identity.staff import Person
from server.patients.import_table import Fault, Line, LinesRejected, read_table
from server.roster.acts import Change, enter_in
from server.roster.service import Worker, entries, workers
from wardlink.clinical.roster import code_text, codes, week
from wardlink.errors import ImportRejected, InvalidInput, WardlinkError
from wardlink.i18n import LANGUAGES, N_, speaking

EMPTY = "-"
"""In a cell of a file: nothing shall be entered any more. A cell with nothing in it stays as it is."""

_BADGE = {"badge": ("工号", "胸牌号", "staff number")}

_NO_DAY = N_("No column of the file is a day of this week. Its days are written like {day}.")
_NOBODY = N_("Nobody with the number {badge} works in this ward.")
_NO_NUMBER = N_("The staff number is missing.")
_TWICE = N_("The staff number {badge} stands in the file twice.")
_NO_CODE = N_("{day}: there is no shift called {code}.")


@dataclass(frozen=True)
class Taken:
    """What came, or would come, of a file: how many cells are others, and for how many people it says something."""

    changed: int
    people: int


class _OnlyLooked(Exception):
    """The file was only looked at."""


def take(core: Core, by: Person, ward: str, day: date, data: bytes, *, only_look: bool = False) -> Taken:
    """Enter a file into the week of `day`. `only_look`: find out what would come of it.

    Raises:
        LinesRejected: lines that cannot be entered.
        ImportRejected: it is no such file at all, or of another week.
    """
    days = week(day)
    columns = {each.isoformat(): (each.strftime("%Y/%m/%d"), f"{each.year}/{each.month}/{each.day}") for each in days}
    lines = read_table(data, {**_BADGE, **columns}, ("badge",))
    if not any(name in line.cells for line in lines for name in columns):
        raise ImportRejected(_NO_DAY, day=days[0].isoformat())
    taken = Taken(0, 0)
    try:
        with core.db.write() as conn:
            changes = _changes(conn, ward, days, lines)
            made = enter_in(core, conn, by, ward, changes)
            taken = Taken(made, len({change.staff for change in changes}))
            if only_look:
                raise _OnlyLooked
    except _OnlyLooked:
        pass
    return taken


def _changes(conn: Connection, ward: str, days: Sequence[date], lines: Sequence[Line]) -> list[Change]:
    held = {entry.staff for entry in entries(conn, days, ward=ward)}
    people = {worker.badge: worker for worker in workers(conn, ward, held)}
    words, seen = _words(), set[str]()
    changes: list[Change] = []
    faults: list[Fault] = []
    for line in lines:
        try:
            changes += _of_line(line, days, people, words, seen)
        except WardlinkError as fault:
            faults.append(Fault(line.number, fault.text()))
    if faults:
        raise LinesRejected(faults)
    return changes


def _of_line(
    line: Line, days: Sequence[date], people: Mapping[str, Worker], words: Mapping[str, str], seen: set[str]
) -> list[Change]:
    badge = line.cells.get("badge", "")
    if not badge:
        raise InvalidInput(_NO_NUMBER)
    if badge in seen:
        raise InvalidInput(_TWICE, badge=badge[:40])
    seen.add(badge)
    worker = people.get(badge)
    if worker is None or not worker.is_here:
        raise InvalidInput(_NOBODY, badge=badge[:40])
    changes = []
    for day in days:
        said = line.cells.get(day.isoformat(), "")
        code = words.get(said.lower())
        if said and code is None:
            raise InvalidInput(_NO_CODE, day=day.isoformat(), code=said[:20])
        if code is not None:
            changes.append(Change(worker.id, day, None, code))
    return changes


def _words() -> dict[str, str]:
    """What a cell may say, in lower case: a code, its words in every language, or that it shall be empty."""
    found = {code: code for code in codes()} | {EMPTY: "", "—": ""}
    for language in LANGUAGES:
        with speaking(language):
            found |= {code_text(code).lower(): code for code in codes()}
    return found
