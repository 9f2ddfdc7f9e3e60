"""Whether the satisfaction survey was answered, for the terminal of a bed; the answers come as commands."""

from __future__ import annotations

from fastapi import APIRouter

from server.http import CoreOf
from server.patients.at_bed import AtBedOf
from server.survey.service import has_answered
from wardlink.ids import Id
from wardlink.messages.surveys import SurveyAtBed

router = APIRouter(prefix="/api/v1/encounters/{encounter}/survey", tags=["survey"])


@router.get("", summary="Whether whoever lies in the bed has answered the survey")
def survey(core: CoreOf, terminal: AtBedOf, encounter: Id) -> SurveyAtBed:
    """Once a stay."""
    with core.db.read() as conn:
        terminal.demand(conn, encounter, "patient", core.clock.now())
        found = has_answered(conn, encounter)
    core.audit("view", actor=terminal.actor, device=terminal.device.id, what="survey", encounter=encounter)
    return SurveyAtBed(answered=found)
