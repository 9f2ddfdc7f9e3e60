"""Whose a monitor's values were that nobody had paired with a patient, said by a nurse afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from pydantic import Field, model_validator

from wardlink.ids import Id, Slug
from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.records import RecordView

LONGEST = timedelta(hours=4)
"""So much of a monitor is given at once; a longer time is said in parts [D: a monitor may speak every second, and
everybody who waits for the server waits until all of it is rewritten]."""


class AttributeValues(Message):
    """Fact: what this monitor measured from `from_at` on and before `until_at` was the patient's in the envelope."""

    monitor: Slug
    from_at: Instant
    until_at: Instant
    reason: str = Field(min_length=1, max_length=200)

    @model_validator(mode="after")
    def _is_a_stretch(self) -> Self:
        if not timedelta(0) < self.until_at - self.from_at <= LONGEST:
            raise ValueError("begins before it ends, and lasts four hours at most")
        return self


class StrikeAttribution(Message):
    """Fact: the values were given to the wrong patient; they are nobody's again."""

    attribution: Id
    reason: str = Field(min_length=1, max_length=200)


class AttributionView(RecordView):
    """Change `attribution.changed`. `in_doubt`: somebody else's word stands against it, and nothing follows from it
    until one of the two is struck out. `sets`: how many sets it gave; on a device that waits for the server, 0."""

    monitor: Slug
    from_at: Instant
    until_at: Instant
    reason: str
    device: Slug
    entered_at: Instant
    received_at: Instant | None = None
    by: Actor
    by_name: str | None = None
    in_doubt: bool = False
    sets: int = 0
    struck_at: Instant | None = None
    struck_by: Actor | None = None
    struck_reason: str | None = None

    @property
    def stands(self) -> bool:
        """Whether the values are the patient's by it."""
        return self.struck_at is None and not self.in_doubt

    def covers(self, at: Instant) -> bool:
        """Whether something measured at `at` is meant."""
        return self.from_at <= at < self.until_at
