"""The satisfaction survey for the terminal of a bed. That it was answered is audited, what was answered is not."""

from __future__ import annotations

from fastapi import APIRouter

from server.http import CoreOf
from server.patients.at_bed import AtBedOf
from server.survey.service import has_answered, take
from wardlink.ids import Id
from wardlink.messages.surveys import AnswerSurvey, SurveyAtBed

router = APIRouter(prefix="/api/v1/encounters/{encounter}/survey", tags=["survey"])


@router.get("", summary="Whether whoever lies in the bed has answered the survey")
def survey(core: CoreOf, terminal: AtBedOf, encounter: Id) -> SurveyAtBed:
    """Once a stay."""
    with core.db.read() as conn:
        terminal.demand(conn, encounter, "patient", core.clock.now())
        found = has_answered(conn, encounter)
    core.audit("view", actor=terminal.actor, device=terminal.device.id, what="survey", encounter=encounter)
    return SurveyAtBed(answered=found)


@router.post("", summary="Answer it")
def answer(core: CoreOf, terminal: AtBedOf, encounter: Id, given: AnswerSurvey) -> SurveyAtBed:
    """Kept once; a second answer of the same stay is refused."""
    with core.db.write() as conn:
        terminal.demand(conn, encounter, "patient", core.clock.now())
        take(conn, terminal.device.ward, encounter, given, core.clock.now())
    core.audit("survey", actor=terminal.actor, device=terminal.device.id, what="survey", encounter=encounter)
    return SurveyAtBed(answered=True)
