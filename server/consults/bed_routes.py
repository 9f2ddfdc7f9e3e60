"""When a team could come to whoever lies in the terminal's bed. Every look is audited."""

from __future__ import annotations

from fastapi import APIRouter

from server.consults.taken import slots
from server.http import CoreOf, DeviceOf
from server.patients.at_bed import demand_occupant
from wardlink.ids import Id, Slug
from wardlink.messages.consults import ConsultSlots

router = APIRouter(prefix="/api/v1", tags=["consultations"])


@router.get("/encounters/{encounter}/consult-slots/{specialty}", summary="Times at which a team could come")
def consult_slots(core: CoreOf, terminal: DeviceOf, encounter: Id, specialty: Slug) -> ConsultSlots:
    """A few free times before the deadline. Nothing is held by looking: whoever asks first has the time."""
    with core.db.read() as conn:
        demand_occupant(conn, terminal, encounter)
        found = slots(conn, encounter, specialty, core.clock.now())
    what = f"consultation times, {specialty}"
    core.audit("view", actor=f"device:{terminal.id}", device=terminal.id, what=what, encounter=encounter)
    return found
