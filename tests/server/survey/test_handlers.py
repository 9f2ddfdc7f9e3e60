"""Answers to the survey as a bed sends them: taken once, refused in words, and never kept beside their stay."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text

from server.survey.models import SurveyAnswer
from server.survey.service import has_answered
from tests.server.complaints.ward import says
from tests.server.wards import DESK, STAY_1, STAY_2, SmallWard
from wardlink.messages.base import Actor
from wardlink.messages.encounters import Discharge

POINTS = {"food": 3, "recommend": 0}


def kept(ward: SmallWard) -> list[dict[str, int]]:
    """The answers that are there."""
    with ward.db.read() as conn:
        return list(conn.execute(select(SurveyAnswer.__table__.c.points)).scalars())  # type: ignore[attr-defined]


def test_a_stay_answers_once(ward: SmallWard) -> None:
    """The same command again changes nothing; another is refused, and says that it was answered."""
    said = says(ward.terminal, "survey.answer", points=POINTS)
    first, again = ward.answer(said), ward.answer(said)
    other = ward.answer(says(ward.terminal, "survey.answer", points={"food": 5}))

    assert (first.outcome, again.outcome, other.outcome) == ("applied", "already-applied", "refused")
    assert "already" in str(other.reason_en)
    assert kept(ward) == [POINTS]


def test_what_waited_until_the_patient_had_gone_still_counts(ward: SmallWard) -> None:
    """A survey is answered on the way out, and the network comes later."""
    ward.core.execute("encounter.discharge", Discharge(), ward="w1", actor=DESK, encounter=STAY_1)

    assert ward.answer(says(ward.terminal, "survey.answer", points=POINTS)).outcome == "applied"


@pytest.mark.parametrize(
    ("stay", "actor"),
    [(STAY_2, Actor(kind="patient", id=STAY_2)), (STAY_1, Actor(kind="patient", id=STAY_2)), (STAY_1, DESK)],
)
def test_nobody_answers_for_another(ward: SmallWard, stay: str, actor: Actor) -> None:
    """Not from another bed, not in another's name, not the staff."""
    said = ward.terminal.command("survey.answer", {"points": POINTS}, encounter=stay, actor=actor)

    assert ward.answer(said).outcome == "refused"
    assert kept(ward) == []


@pytest.mark.parametrize(
    "body", [{}, {"points": {}}, {"points": {"food": 9}}, {"points": {"food": "x"}}, {"points": 1}]
)
def test_a_wrong_answer_leaves_nothing(ward: SmallWard, body: dict[str, Any]) -> None:
    """The stay can still answer."""
    assert ward.answer(says(ward.terminal, "survey.answer", **body)).outcome != "applied"

    with ward.db.read() as conn:
        assert not has_answered(conn, STAY_1)


def test_nothing_of_the_command_is_kept_beside_the_stay(ward: SmallWard) -> None:
    """No table that names the stay holds what was answered."""
    before = {name: rows(ward, name) for name in tables(ward)}
    ward.answer(says(ward.terminal, "survey.answer", points={"recommend": 7}))
    new = {name: [row for row in rows(ward, name) if row not in before[name]] for name in tables(ward)}

    held = [name for name, found in new.items() if any(STAY_1 in row and "recommend" in row for row in found)]
    assert held == []
    assert any("recommend" in row for row in new["survey_answer"])


def tables(ward: SmallWard) -> list[str]:
    """Every table of the database."""
    return [table.name for table in SurveyAnswer.metadata.sorted_tables]


def rows(ward: SmallWard, table: str) -> list[str]:
    """What stands in it."""
    with ward.db.read() as conn:
        return [repr(tuple(row)) for row in conn.execute(text(f'SELECT * FROM "{table}"'))]
