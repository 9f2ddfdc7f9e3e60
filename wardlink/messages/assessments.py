"""Nursing assessments (护理评估): the answers of one scale at one time, and what they mean."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from wardlink.ids import Id, Slug
from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.records import RecordView

MOST_ANSWERS = 60

Code = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Answers = Annotated[dict[Code, Code], Field(max_length=MOST_ANSWERS)]
"""The code of an item to the code of its answer (`wardlink.clinical.assessments`)."""


class SeenResult(Message):
    """What stood on the screen when it was saved: points by part, and the level."""

    totals: dict[Code, int] = Field(default_factory=dict, max_length=10)
    band: Code | None = None


class RecordAssessment(Message):
    """Fact: the patient was assessed. Who it was and when stands in the envelope; a total is never typed.

    `version`: of the scale's items as the form asked them. `confirmed`: the doubts that the nurse confirmed.
    """

    scale: Slug
    version: Code
    answers: Answers
    confirmed: tuple[str, ...] = ()
    note: str | None = Field(default=None, max_length=500)
    seen: SeenResult | None = None


class StrikeAssessment(Message):
    """Fact: this assessment was entered by mistake; it stays readable, with the reason."""

    assessment: Id
    reason: str = Field(min_length=1, max_length=200)


class AssessmentView(RecordView):
    """Change `assessment.changed`. On a device `received_at` is None until the server has it.

    `totals`, `band` and `next_at` come from the answers by the table of levels called `cut`; they are empty where
    the scale is not known here, or the answers were incomplete.
    """

    scale: Slug
    version: str
    cut: str | None = None
    answers: dict[str, str]
    totals: dict[str, int] = Field(default_factory=dict)
    band: str | None = None
    assessed_at: Instant
    entered_at: Instant
    next_at: Instant | None = None
    by: Actor
    by_name: str | None = None
    confirmed: tuple[str, ...] = ()
    note: str | None = None
    received_at: Instant | None = None
    struck_at: Instant | None = None
    struck_by: Actor | None = None
    struck_reason: str | None = None

    @property
    def total(self) -> int | None:
        """The one total of a scale that is summed whole."""
        return self.totals.get("total")
