"""What may be done with a roster, each in one transaction with its line of the audit. Who may is asked before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, Table, delete, insert, select, update

from server.core import Core
from server.identity import audit
from server.identity.staff import Person
from server.patients.models import Ward
from server.roster.models import RosterCell
from server.roster.service import Worker, entries, workers
from wardlink.clinical.roster import code_text, codes, week
from wardlink.errors import Collision, InvalidInput, NotFound
from wardlink.i18n import N_

_CELL: Table = RosterCell.__table__  # type: ignore[attr-defined]
_WARD: Table = Ward.__table__  # type: ignore[attr-defined]

_NO_CODE = N_("There is no shift called {code}.")
_NOT_HERE = N_("{name} does not work in this ward.")
_MEANWHILE = N_(
    "Somebody has meanwhile entered {now} for {name} on {day}. Nothing was saved; look at it and save again."
)
_EMPTIED = N_("Somebody has meanwhile emptied the day {day} of {name}. Nothing was saved; look at it and save again.")
_NONE_BEFORE = N_("Nothing is entered for the week before.")


@dataclass(frozen=True)
class Change:
    """A cell, as it was seen and as it shall be; "" is an empty one. `was` None: whatever it was."""

    staff: str
    on: date
    was: str | None
    code: str


def enter(core: Core, by: Person, ward: str, changes: Sequence[Change]) -> int:
    """Change cells, all of them or none; how many are now others.

    Raises:
        NotFound: there is no such ward or person.
        InvalidInput: there is no such shift, or the person does not work there.
        Collision: a cell is not as it was seen.
    """
    with core.db.write() as conn:
        return enter_in(core, conn, by, ward, changes)


def enter_in(core: Core, conn: Connection, by: Person, ward: str, changes: Sequence[Change]) -> int:
    """The same inside a transaction."""
    # Two who save at once go one after the other, on every engine.
    if conn.execute(select(_WARD.c.id).where(_WARD.c.id == ward).with_for_update()).first() is None:
        raise NotFound(what="ward", name=ward[:40])
    if not changes:
        return 0
    days = sorted(change.on for change in changes)
    held = {(e.staff, e.on): e.code for e in entries(conn, days, ward=ward)}
    people = {worker.id: worker for worker in workers(conn, ward, {staff for staff, _on in held})}
    made: dict[str, list[str]] = {}
    for change in changes:
        worker, now = people.get(change.staff), held.get((change.staff, change.on), "")
        if worker is None:
            raise NotFound(what="member of staff", name=change.staff[:40])
        _check(change, worker, now)
        if now != change.code:
            _write(core, conn, by, ward, change, is_new=not now)
            made[f"{change.staff} {change.on}"] = [now, change.code]
    if made:
        audit.note(core, conn, by, "roster-entered", f"ward {ward} from {days[0]}", cells=made)
    return len(made)


def copy_week(core: Core, by: Person, ward: str, day: date) -> int:
    """Enter last week's cells where this week's are empty, for those who still work there; how many.

    Raises:
        NotFound: there is no such ward.
        InvalidInput: the week before is empty.
    """
    days = week(day)
    with core.db.write() as conn:
        before = entries(conn, week(days[0] - timedelta(days=7)), ward=ward)
        if not before:
            raise InvalidInput(_NONE_BEFORE)
        held = {(e.staff, e.on) for e in entries(conn, days, ward=ward)}
        here = {worker.id for worker in workers(conn, ward) if worker.is_here}
        later = [(e.staff, e.on + timedelta(days=7), e.code) for e in before if e.staff in here]
        changes = [Change(staff, on, "", code) for staff, on, code in later if (staff, on) not in held]
        return enter_in(core, conn, by, ward, changes)


def _check(change: Change, worker: Worker, now: str) -> None:
    if change.code and change.code not in codes():
        raise InvalidInput(_NO_CODE, code=change.code[:20])
    if change.was is not None and now not in (change.was, change.code):
        said = {"name": worker.name, "day": change.on.isoformat()}
        if not now:
            raise Collision(_EMPTIED, **said)
        raise Collision(_MEANWHILE, now=code_text(now), **said)
    if not worker.is_here and change.code not in ("", now):
        raise InvalidInput(_NOT_HERE, name=worker.name)


def _write(core: Core, conn: Connection, by: Person, ward: str, change: Change, *, is_new: bool) -> None:
    c = _CELL.c
    told = {"code": change.code, "at": core.clock.now(), "by": str(by.actor)}
    is_it = (c.ward == ward) & (c.day == change.on) & (c.staff == change.staff)
    if is_new:
        conn.execute(insert(_CELL).values(ward=ward, day=change.on, staff=change.staff, **told))
    elif change.code:
        conn.execute(update(_CELL).where(is_it).values(**told))
    else:
        conn.execute(delete(_CELL).where(is_it))
