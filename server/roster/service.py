"""Reads rosters: whose they are, what is entered, and who is on duty. Inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Table, select

from server.identity.models import Staff
from server.patients.models import Ward
from server.roster.models import RosterCell
from wardlink.clinical.roster import NURSES, ROSTERED, Entry
from wardlink.clinical.shifts import Shift
from wardlink.clock import ward_date

_STAFF: Table = Staff.__table__  # type: ignore[attr-defined]
_CELL: Table = RosterCell.__table__  # type: ignore[attr-defined]

_ORDER = ("head-nurse", "charge-nurse", "nurse", "doctor", "therapist")


@dataclass(frozen=True)
class Worker:
    """Somebody on a roster. `is_here`: works in the ward now, so that something can be entered."""

    id: str
    name: str
    role: str
    badge: str
    is_here: bool


def workers(conn: Connection, ward: str, also: Collection[str] = ()) -> list[Worker]:
    """Nurses, doctors and therapists of a ward, in this order; `also`: who stands on it though they have left."""
    found = []
    for row in conn.execute(select(_STAFF).order_by(_STAFF.c.id)):
        # Therapists are not bound to wards; one who is named in some works in those.
        is_in = ward in row.wards or (row.role == "therapist" and not row.wards)
        is_here = bool(row.active) and is_in and row.role in ROSTERED
        if is_here or row.id in also:
            found.append(Worker(row.id, row.name, row.role, row.badge, is_here))
    last = len(_ORDER)
    return sorted(found, key=lambda w: _ORDER.index(w.role) if w.role in _ORDER else last)


def entries(conn: Connection, days: Sequence[date], *, ward: str | None = None) -> list[Entry]:
    """What is entered from the first of these days to the last; of one ward, or of all."""
    c = _CELL.c
    query = select(c.ward, c.staff, c.day, c.code).where(c.day >= days[0], c.day <= days[-1])
    if ward is not None:
        query = query.where(c.ward == ward)
    return [Entry(*row) for row in conn.execute(query.order_by(c.day, c.staff, c.ward))]


def on_shift(conn: Connection, ward: str, shift: Shift) -> list[str]:
    """Who is entered for a shift of a ward."""
    c = _CELL.c
    is_it = (c.ward == ward) & (c.day == ward_date(shift.begins_at)) & (c.code == shift.code)
    return list(conn.execute(select(c.staff).where(is_it).order_by(c.staff)).scalars())


def on_duty(conn: Connection, shift: Shift) -> list[tuple[str, str]]:
    """Ward and person of everybody who is entered for a shift."""
    c = _CELL.c
    wards = select(Ward.__table__.c.id)  # type: ignore[attr-defined]
    # By the wards: the key begins with them, and nothing has to be read but the day.
    is_it = c.ward.in_(wards) & (c.day == ward_date(shift.begins_at)) & (c.code == shift.code)
    return [
        (ward, staff) for ward, staff in conn.execute(select(c.ward, c.staff).where(is_it).order_by(c.ward, c.staff))
    ]


def nurses(found: Collection[Worker]) -> set[str]:
    """Those of them who are nurses."""
    return {worker.id for worker in found if worker.role in NURSES}
