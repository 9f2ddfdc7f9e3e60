"""When a team could come to whoever lies in the terminal's bed. Every look is audited."""

from __future__ import annotations

from fastapi import APIRouter

from server.consults.taken import slots
from server.http import CoreOf
from server.patients.at_bed import AtBedOf
from wardlink.ids import Id, Slug
from wardlink.messages.consults import ConsultSlots

router = APIRouter(prefix="/api/v1", tags=["consultations"])


@router.get("/encounters/{encounter}/consult-slots/{specialty}", summary="Times at which a team could come")
def consult_slots(core: CoreOf, terminal: AtBedOf, encounter: Id, specialty: Slug) -> ConsultSlots:
    """A few free times before the deadline. Nothing is held by looking: whoever asks first has the time."""
    with core.db.read() as conn:
        terminal.demand(conn, encounter, "medical", core.clock.now())
        found = slots(conn, encounter, specialty, core.clock.now())
    what = f"consultation times, {specialty}"
    core.audit("view", actor=terminal.actor, device=terminal.device.id, what=what, encounter=encounter)
    return found
