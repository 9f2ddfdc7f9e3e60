"""How the complaints of a stay stand, for the terminal of its bed; never what they said. Every look is audited."""

from __future__ import annotations

from fastapi import APIRouter

from server.complaints.service import of_stay
from server.http import CoreOf, DeviceOf
from server.patients.at_bed import demand_occupant
from wardlink.ids import Id
from wardlink.messages.complaints import ComplaintsAtBed

router = APIRouter(prefix="/api/v1", tags=["complaints"])


@router.get("/encounters/{encounter}/complaints", summary="How the complaints of whoever lies in the bed stand")
def complaints(core: CoreOf, terminal: DeviceOf, encounter: Id) -> ComplaintsAtBed:
    """The newest first, with the clock of each and the answer."""
    with core.db.read() as conn:
        demand_occupant(conn, terminal, encounter)
        found = of_stay(conn, encounter)
    core.audit("view", actor=f"device:{terminal.id}", device=terminal.id, what="complaints", encounter=encounter)
    return ComplaintsAtBed(complaints=found)
