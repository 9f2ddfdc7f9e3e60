"""Assignments: which beds a nurse looks after in a shift, by her own word."""

from __future__ import annotations

from pydantic import Field

from wardlink.ids import Id, Slug
from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.records import RecordView


class TakeBed(Message):
    """Fact: in the shift that begins then, this bed is mine; or, said at a desk, that of `nurse`."""

    shift_at: Instant
    bed: Slug
    nurse: Slug | None = None
    nurse_name: str | None = Field(default=None, max_length=60)


class LeaveBed(Message):
    """Fact: it is not mine, or not any more; or, said at a desk, not that of `nurse`."""

    shift_at: Instant
    bed: Slug
    nurse: Slug | None = None
    nurse_name: str | None = Field(default=None, max_length=60)


class AssignmentStep(Message):
    """One thing that was said about the bed; `by`: the nurse whose it is, or is no more."""

    command: Id
    takes: bool
    at: Instant
    by: Actor
    by_name: str | None = None


class AssignmentView(RecordView):
    """Change `assignment.changed`: a bed in a shift, with everything that was said about it.

    Two nurses may both have taken it; then it is both's.
    """

    shift_at: Instant
    steps: tuple[AssignmentStep, ...] = ()

    @property
    def nurses(self) -> tuple[AssignmentStep, ...]:
        """By whom it is taken now: the last word of each nurse, those who took it first before the others."""
        last = {step.by: step for step in self.steps}
        return tuple(step for step in self.steps if step.takes and last[step.by] is step)
