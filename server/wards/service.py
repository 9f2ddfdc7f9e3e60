"""Makes wards and beds. Neither is ever deleted: records name them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Table, func, insert, select

from server.chain import GENESIS
from server.patients.models import Bed, Ward
from server.words import plain
from wardlink.errors import Collision, InvalidInput, NotFound
from wardlink.i18n import N_
from wardlink.ids import is_slug, new_id
from wardlink.messages.changes import BedView

_WARD: Table = Ward.__table__  # type: ignore[attr-defined]
_BED: Table = Bed.__table__  # type: ignore[attr-defined]

_BAD_ID = N_("The id of a ward or a bed has lower-case letters, digits and inner hyphens, at most 40.")
_WARD_THERE = N_("There is already a ward called {ward}.")
_BED_THERE = N_("There is already a bed {bed} in ward {ward}.")


@dataclass(frozen=True)
class WardEntry:
    """A ward with its beds, in their order."""

    id: str
    name: str
    beds: tuple[BedView, ...]


def add_ward(conn: Connection, id: str, name: str) -> None:
    """Make a ward without beds, with an empty change log.

    Raises:
        InvalidInput: an id or a name cannot be right.
        Collision: the ward is there already.
    """
    if not is_slug(id):
        raise InvalidInput(_BAD_ID)
    name = plain(name, most=60)
    if conn.execute(select(_WARD.c.id).where(_WARD.c.id == id)).first():
        raise Collision(_WARD_THERE, ward=id)
    conn.execute(insert(_WARD).values(id=id, name=name, log_id=new_id(), seq=0, head=GENESIS))


def add_bed(conn: Connection, ward: str, id: str, label: str) -> BedView:
    """Make a bed, behind those that are there.

    Raises:
        InvalidInput: the id or the label cannot be right.
        NotFound: there is no such ward.
        Collision: the bed is there already.
    """
    if not is_slug(id):
        raise InvalidInput(_BAD_ID)
    label = plain(label, most=20)
    known_ward(conn, ward)
    if conn.execute(select(_BED.c.id).where(_BED.c.ward == ward, _BED.c.id == id)).first():
        raise Collision(_BED_THERE, ward=ward, bed=id)
    last = conn.execute(select(func.max(_BED.c.position)).where(_BED.c.ward == ward)).scalar()
    position = 0 if last is None else last + 1
    conn.execute(insert(_BED).values(ward=ward, id=id, label=label, position=position))
    return BedView(id=id, label=label)


def known_ward(conn: Connection, ward: str) -> None:
    """Check that there is such a ward.

    Raises:
        NotFound: there is none.
    """
    if conn.execute(select(_WARD.c.id).where(_WARD.c.id == ward)).first() is None:
        raise NotFound(what="ward", name=ward[:40])


def wards(conn: Connection) -> list[WardEntry]:
    """Every ward with its beds."""
    found: dict[str, tuple[str, list[BedView]]] = {
        id: (name, []) for id, name in conn.execute(select(_WARD.c.id, _WARD.c.name).order_by(_WARD.c.id))
    }
    beds = select(_BED.c.ward, _BED.c.id, _BED.c.label).order_by(_BED.c.ward, _BED.c.position, _BED.c.id)
    for ward, id, label in conn.execute(beds):
        found[ward][1].append(BedView(id=id, label=label))
    return [WardEntry(id, name, tuple(listed)) for id, (name, listed) in found.items()]
