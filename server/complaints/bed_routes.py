"""How the complaints of a stay stand, for the terminal of its bed; never what they said. Every look is audited."""

from __future__ import annotations

from fastapi import APIRouter

from server.complaints.service import of_stay
from server.http import CoreOf
from server.patients.at_bed import AtBedOf
from wardlink.ids import Id
from wardlink.messages.complaints import ComplaintsAtBed

router = APIRouter(prefix="/api/v1", tags=["complaints"])


@router.get("/encounters/{encounter}/complaints", summary="How the complaints of whoever lies in the bed stand")
def complaints(core: CoreOf, terminal: AtBedOf, encounter: Id) -> ComplaintsAtBed:
    """The newest first, with the clock of each and the answer."""
    with core.db.read() as conn:
        terminal.demand(conn, encounter, "patient", core.clock.now())
        found = of_stay(conn, encounter)
    core.audit("view", actor=terminal.actor, device=terminal.device.id, what="complaints", encounter=encounter)
    return ComplaintsAtBed(complaints=found)
