"""Assignments: which beds a nurse looks after in a shift, by her own word."""

from __future__ import annotations

from wardlink.ids import Id, Slug
from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.records import RecordView


class TakeBed(Message):
    """Fact: in the shift that begins then, this bed is mine."""

    shift_at: Instant
    bed: Slug


class LeaveBed(Message):
    """Fact: it is not mine, or not any more."""

    shift_at: Instant
    bed: Slug


class AssignmentStep(Message):
    """One thing that a nurse said about the bed."""

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
