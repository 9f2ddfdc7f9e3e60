"""What may be done with wards and beds, each in one transaction with its line of the audit. Who may is asked before.

Carts and terminals see it with their next fresh copy of the ward, the board at once.
"""

from __future__ import annotations

from collections.abc import Sequence

from server.core import Core
from server.identity import audit
from server.identity.staff import Person
from server.wards import closures, service
from server.wards.closures import Closing, Closure
from server.wards.service import WardEntry
from wardlink.messages.changes import BedView


def add_ward(core: Core, by: Person, id: str, name: str, beds: Sequence[BedView] = ()) -> WardEntry:
    """Make a ward with its beds, all of it or nothing. Raises InvalidInput, Collision: as `service.add_ward`."""
    with core.db.write() as conn:
        service.add_ward(conn, id, name)
        for bed in beds:
            service.add_bed(conn, id, bed.id, bed.label, at=core.clock.now())
        audit.note(core, conn, by, "ward-added", f"ward {id}", beds=len(beds))
        return next(entry for entry in service.wards(conn) if entry.id == id)


def rename_ward(core: Core, by: Person, ward: str, name: str, *, was: str) -> None:
    """Give a ward another name. Raises InvalidInput, NotFound, Collision: as `service.rename_ward`."""
    with core.db.write() as conn:
        service.rename_ward(conn, ward, name, was=was)
        audit.note(core, conn, by, "ward-renamed", f"ward {ward}", name=[was, name])


def add_bed(core: Core, by: Person, ward: str, id: str, label: str) -> BedView:
    """Make a bed behind the others. Raises InvalidInput, NotFound, Collision: as `service.add_bed`."""
    with core.db.write() as conn:
        made = service.add_bed(conn, ward, id, label, at=core.clock.now())
        audit.note(core, conn, by, "bed-added", f"ward {ward} bed {id}")
    core.beds_changed()
    return made


def relabel_bed(core: Core, by: Person, ward: str, bed: str, label: str, *, was: str) -> BedView:
    """Let something else stand on a bed's wall. Raises InvalidInput, NotFound, Collision: as `service.relabel_bed`."""
    with core.db.write() as conn:
        changed = service.relabel_bed(conn, ward, bed, label, was=was)
        audit.note(core, conn, by, "bed-relabelled", f"ward {ward} bed {bed}", label=[was, changed.label])
    core.beds_changed()
    return changed


def move_bed(core: Core, by: Person, ward: str, bed: str, *, up: bool) -> None:
    """Put a bed one place forward, or back; the first and the last stay. Raises NotFound."""
    with core.db.write() as conn:
        service.beds_of(conn, ward, bed)
        order = [known.id for known in service.beds_of(conn, ward)]
        here = order.index(bed)
        there = here - 1 if up else here + 1
        if not 0 <= there < len(order):
            return
        order[here], order[there] = order[there], order[here]
        service.order_beds(conn, ward, order)
        audit.note(core, conn, by, "bed-moved", f"ward {ward} bed {bed}", place=there + 1)
    core.beds_changed()


def close_bed(core: Core, by: Person, ward: str, bed: str, asked: Closing, *, seen: str) -> Closure:
    """Take a bed out of service. Raises InvalidInput, NotFound, Collision: as `closures.close`."""
    with core.db.write() as conn:
        service.beds_of(conn, ward, bed)
        closure = closures.close(conn, ward, bed, asked, seen=seen, now=core.clock.now(), by=str(by.actor))
        until = closure.until_at.isoformat() if closure.until_at else None
        times = {"from": closure.from_at.isoformat(), "until": until}
        why = {"reason": closure.reason, "words": closure.words}
        audit.note(core, conn, by, "bed-closed", f"ward {ward} bed {bed}", **times, **why, closure=closure.id)
    core.beds_changed()
    return closure


def give_back_bed(core: Core, by: Person, ward: str, bed: str, closure: str, *, seen: str) -> None:
    """Give a bed back, or call off a closing. Raises NotFound, Collision: as `closures.give_back`."""
    with core.db.write() as conn:
        service.beds_of(conn, ward, bed)
        closures.give_back(conn, ward, bed, closure, seen=seen, now=core.clock.now(), by=str(by.actor))
        audit.note(core, conn, by, "bed-given-back", f"ward {ward} bed {bed}", closure=closure)
    core.beds_changed()
