"""A risk of self-harm asks for somebody at once: nurse and doctor, until a later talk says otherwise."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.alerts.engine import AlertEngine
from server.record.service import records_of
from tests.server.assessments.test_handlers import seen_by
from tests.server.wards import DESK, STAY_1, SmallWard
from wardlink.messages.alerts import AlertView
from wardlink.messages.assessments import StrikeAssessment
from wardlink.messages.encounters import Discharge
from wardlink.record.alerts import ALERT

RISK = {"self-harm": "yes", "dt": "3"}
CALM = {"self-harm": "no", "dt": "3"}


@pytest.fixture
def engine(ward: SmallWard) -> AlertEngine:
    """The engine of the small ward; no thread of its own, it looks when it is told to."""
    return AlertEngine(ward.core)


def assess(ward: SmallWard, answers: dict[str, str]) -> str:
    """A nurse has talked with the patient; the id of the assessment."""
    command = ward.cart.command("assessment.record", seen_by("psych", answers), encounter=STAY_1)
    ward.take(command)
    return command.id


def alerts(ward: SmallWard) -> list[AlertView]:
    """Every alert of the ward, oldest first."""
    with ward.db.read() as conn:
        return records_of(conn, ALERT, ward="w1")


def test_it_is_raised_at_once_and_once(ward: SmallWard, engine: AlertEngine) -> None:
    """High, and the doctor is asked half a minute after the nurse if nobody takes it."""
    assess(ward, RISK)
    engine.look("w1", "assessment/")
    engine.look("w1", "assessment/")
    [found] = alerts(ward)
    ward.clock.advance(31)
    engine.go_on()
    [later] = alerts(ward)

    assert (found.code, found.priority, found.encounter, found.bed) == ("self-harm", "high", STAY_1, "b1")
    assert "doctor" in {event.to for event in later.events if event.to is not None}


@pytest.mark.parametrize("ends", ["talk", "strike", "discharge"])
def test_it_ends_with_a_calmer_talk_a_strike_or_the_stay(ward: SmallWard, engine: AlertEngine, ends: str) -> None:
    """A grave alert that nobody has taken stays until somebody has; it is not raised anew."""
    made = assess(ward, RISK)
    if ends == "talk":
        ward.clock.advance(60)
        assess(ward, CALM)
    elif ends == "strike":
        strike = StrikeAssessment(assessment=made, reason="选错")
        ward.take(ward.cart.command("assessment.strike", strike, encounter=STAY_1))
    else:
        ward.core.execute("encounter.discharge", Discharge(), ward="w1", actor=DESK, encounter=STAY_1)
    engine.look("w1", "assessment/")

    assert alerts(ward) == []


def test_no_answer_is_in_the_alert(ward: SmallWard, engine: AlertEngine) -> None:
    """Only that there is a risk, and by which scale."""
    assess(ward, RISK | {"dt": "6", "phq9-9": "2"})
    ward.clock.advance(timedelta(minutes=1).total_seconds())
    engine.look("w1", "assessment/")

    [found] = alerts(ward)
    assert "phq9" not in found.model_dump_json()
