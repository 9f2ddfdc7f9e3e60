"""The satisfaction survey between the bed and the server."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from wardlink.clinical.survey import allowed, questions
from wardlink.messages.base import Message


def _in_range(points: dict[str, int]) -> dict[str, int]:
    for item, given in points.items():
        if item not in questions() or given not in allowed(item):
            raise ValueError("no such item, or no such answer to it")
    return points


Points = Annotated[dict[str, int], Field(min_length=1), AfterValidator(_in_range)]


class AnswerSurvey(Message):
    """Request: what a patient answers; an item that was skipped is not in `points`.

    `anonymous`: the answer is kept without the stay; that this stay has answered is kept apart from it.
    """

    points: Points
    anonymous: bool = True


class SurveyAtBed(Message):
    """Whether this stay has answered already."""

    answered: bool
