"""What staff do about a complaint. Whoever it is about sees nothing of it and does nothing."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from server.complaints.moving import moved
from server.complaints.service import Standing, standing
from server.core import Core
from server.identity import audit
from server.identity.models import Staff
from server.identity.roles import EVERYWHERE, Right, demand, may
from server.identity.staff import Person
from wardlink.errors import InvalidInput, NotAllowed, NotFound
from wardlink.i18n import N_
from wardlink.ids import new_id

_STAFF: Table = Staff.__table__  # type: ignore[attr-defined]

LONGEST_REPLY = 1_000
"""Characters of an answer."""

_NO_WORDS = N_("An answer needs words.")
_NO_HANDLER = N_("There is nobody of this name who may handle it.")
_ABOUT = N_("It is about this person, who must not handle it.")


def sees(person: Person, row: Row[Any]) -> bool:
    """Whether this member of staff may know of it."""
    if person.id in row.about or not may(person.role, "complaint.read"):
        return False
    if row.office_only and not may(person.role, "complaint.office"):
        return False
    return row.ward in person.wards or person.role in EVERYWHERE


def looked_at(conn: Connection, person: Person, complaint: str) -> Standing:
    """One that this member of staff may see.

    Raises:
        NotFound: there is none, or it is not theirs to know of.
    """
    found = standing(conn, complaint)
    if found is None or not sees(person, found.row):
        raise NotFound(what="complaint", name=complaint[:40])
    return found


def acknowledge(core: Core, person: Person, complaint: str) -> None:
    """It was received, and somebody looks after it.

    Raises:
        Collision: it is past that.
        NotFound: it is not theirs to know of.
        NotAllowed: without the right to.
    """
    now = core.clock.now()
    _act(core, person, complaint, "acknowledge", "complaint.answer", {"acknowledged_at": now})


def reply(core: Core, person: Person, complaint: str, words: str) -> None:
    """Answer the patient, on the spot or later. What is said stands on the screen of the bed.

    Raises:
        InvalidInput: without words.
        Collision, NotFound, NotAllowed: as for `acknowledge`.
    """
    said = words.strip()[:LONGEST_REPLY]
    if not said:
        raise InvalidInput(_NO_WORDS)
    more = {"replied_at": core.clock.now(), "handler": person.id}
    _act(core, person, complaint, "reply", "complaint.answer", more, words=said)


def close(core: Core, person: Person, complaint: str) -> None:
    """It is dealt with. The patient may still say that it is not.

    Raises:
        Collision: nobody has answered yet.
        NotFound, NotAllowed: as for `acknowledge`.
    """
    _act(core, person, complaint, "close", "complaint.assign", {"closed_at": core.clock.now()})


def assign(
    core: Core,
    person: Person,
    complaint: str,
    handler: str,
    *,
    about: Collection[str] = (),
    several_departments: bool = False,
) -> None:
    """Give it to somebody, and say whom it is about; nobody is ever taken off that list.

    Raises:
        InvalidInput: there is nobody of this id who may handle it.
        NotAllowed: it is about them; or without the right to assign.
        Collision, NotFound: as for `acknowledge`.
    """
    with core.db.write() as conn:
        demand(person.role, "complaint.assign")
        row = looked_at(conn, person, complaint).row
        concerned = list(dict.fromkeys([*row.about, *about]))
        if handler in concerned:
            raise NotAllowed(_ABOUT)
        if handler not in {one.id for one in handlers(conn, row)}:
            raise InvalidInput(_NO_HANDLER)
        known = set(conn.execute(select(_STAFF.c.id).where(_STAFF.c.id.in_(concerned))).scalars())
        if known != set(concerned):
            raise InvalidInput(_NO_HANDLER)
        several = several_departments or row.several_departments
        moved(
            conn,
            row,
            "assign",
            step=new_id(),
            at=core.clock.now(),
            actor=person.actor,
            more={"handler": handler, "about": concerned, "several_departments": several},
            handler=handler,
            detail={"about": [who for who in concerned if who not in row.about], "several_departments": several},
        )
        _note(core, conn, person, "assign", row)


def handlers(conn: Connection, row: Row[Any]) -> list[Person]:
    """Who may handle it, by name."""
    query = select(_STAFF).where(_STAFF.c.active.is_(True)).order_by(_STAFF.c.name, _STAFF.c.id)
    people = (Person(one.id, one.name, one.role, tuple(one.wards)) for one in conn.execute(query))
    return [one for one in people if sees(one, row) and may(one.role, "complaint.answer")]


def _act(
    core: Core,
    person: Person,
    complaint: str,
    act: Any,
    right: Right,
    more: dict[str, Any],
    *,
    words: str | None = None,
) -> None:
    with core.db.write() as conn:
        demand(person.role, right)
        row = looked_at(conn, person, complaint).row
        at = core.clock.now()
        moved(conn, row, act, step=new_id(), at=at, actor=person.actor, more=more, words=words)
        _note(core, conn, person, act, row)


def _note(core: Core, conn: Connection, person: Person, act: str, row: Row[Any]) -> None:
    stay = None if row.office_only else row.encounter
    audit.note(core, conn, person, f"complaint.{act}", f"complaint {row.id}", encounter=stay)
