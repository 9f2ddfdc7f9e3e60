"""Makes wards and beds, and names them. Neither is ever deleted: records name them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Table, func, insert, select, update

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
_MEANWHILE = N_("Somebody has changed this meanwhile. Please look at it again.")
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


def add_bed(conn: Connection, ward: str, id: str, label: str, *, at: datetime) -> BedView:
    """Make a bed at this instant, behind those that are there.

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
    conn.execute(insert(_BED).values(ward=ward, id=id, label=label, position=position, made_at=at))
    return BedView(id=id, label=label)


def rename_ward(conn: Connection, id: str, name: str, *, was: str) -> None:
    """Give a ward that was seen as `was` another name.

    Raises:
        InvalidInput: the name cannot be right.
        NotFound: there is no such ward.
        Collision: it is called otherwise by now.
    """
    name = plain(name, most=60)
    known_ward(conn, id)
    renamed = update(_WARD).where(_WARD.c.id == id, _WARD.c.name == was).values(name=name)
    if conn.execute(renamed).rowcount == 0:
        raise Collision(_MEANWHILE)


def relabel_bed(conn: Connection, ward: str, id: str, label: str, *, was: str) -> BedView:
    """Let something else stand on the wall of a bed that was seen with `was`.

    Raises:
        InvalidInput: the label cannot be right.
        NotFound: there is no such bed.
        Collision: something else stands there by now.
    """
    label = plain(label, most=20)
    beds_of(conn, ward, id)
    changed = update(_BED).where(_BED.c.ward == ward, _BED.c.id == id, _BED.c.label == was).values(label=label)
    if conn.execute(changed).rowcount == 0:
        raise Collision(_MEANWHILE)
    return BedView(id=id, label=label)


def order_beds(conn: Connection, ward: str, order: Sequence[str]) -> None:
    """Put the beds of a ward into this order, in which every list shows them.

    Raises:
        NotFound: there is no such ward.
        Collision: these are not its beds, or not all of them.
    """
    known_ward(conn, ward)
    known = set(conn.execute(select(_BED.c.id).where(_BED.c.ward == ward)).scalars())
    if set(order) != known or len(order) != len(known):
        raise Collision(_MEANWHILE)
    for position, bed in enumerate(order):
        conn.execute(update(_BED).where(_BED.c.ward == ward, _BED.c.id == bed).values(position=position))


def beds_of(conn: Connection, ward: str, bed: str | None = None) -> list[BedView]:
    """The beds of a ward in their order; or the one that is asked for.

    Raises:
        NotFound: there is no such ward or bed.
    """
    known_ward(conn, ward)
    query = select(_BED.c.id, _BED.c.label).where(_BED.c.ward == ward).order_by(_BED.c.position, _BED.c.id)
    if bed is not None:
        query = query.where(_BED.c.id == bed)
    found = [BedView(id=row.id, label=row.label) for row in conn.execute(query)]
    if bed is not None and not found:
        raise NotFound(what="bed", name=bed[:40])
    return found


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
