"""Hand-overs over HTTP, to be read; they are written, given and taken at the carts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from server.core import Core
from server.http import CoreOf, StaffOf, staff_with
from server.identity.staff import Person
from server.patients.routes import known
from server.record.service import records_of
from wardlink.clinical.shifts import shift_at
from wardlink.ids import Id, Slug
from wardlink.messages.base import Instant
from wardlink.messages.handovers import HandoverView
from wardlink.record.handovers import HANDOVER

router = APIRouter(prefix="/api/v1", tags=["hand-over"])

Reader = Annotated[Person, Depends(staff_with("ward.read"))]
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/wards/{ward}/handovers", summary="Hand-overs of one shift of a ward")
def of_ward(core: CoreOf, reader: Reader, ward: Slug, at: Instant | None = None) -> list[HandoverView]:
    """Of the shift that `at` belongs to, or the running one: of each patient, and of the ward (without a stay)."""
    shift = shift_at(at or core.clock.now())
    with core.db.read() as conn:
        found = records_of(conn, HANDOVER, ward=ward, since=shift.begins_at, until=shift.ends_at)
    _audit(core, reader, f"hand-overs of ward {ward}", None)
    return found


@router.get("/encounters/{encounter}/handovers", summary="Hand-overs about a stay")
def of_stay(core: CoreOf, reader: StaffOf, encounter: Id, limit: Limit = 20) -> list[HandoverView]:
    """The newest shift first."""
    with core.db.read() as conn:
        known(conn, encounter, reader, "ward.read")
        found = records_of(conn, HANDOVER, encounter=encounter, newest_first=True, limit=limit)
    _audit(core, reader, "hand-overs", encounter)
    return found


def _audit(core: Core, reader: Person, what: str, encounter: str | None) -> None:
    core.audit("list", actor=str(reader.actor), what=what, encounter=encounter)
