"""Whose beds are whose in this shift: a nurse marks hers."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from wardlink.clinical.shifts import shift_at
from wardlink.messages.assignments import AssignmentView, LeaveBed, TakeBed
from wardlink.record.assignments import ASSIGNMENT

if TYPE_CHECKING:
    from cart.ports import Board, Ward
    from cart.usecases.session import Session
    from wardlink.messages.base import Actor


def assignments(board: Board, now: datetime) -> dict[str, AssignmentView]:
    """What was said about the beds in the running shift, by bed."""
    begins_at = shift_at(now).begins_at
    return {view.bed or "": view for view in board.records(ASSIGNMENT, since=begins_at) if view.shift_at == begins_at}


def is_mine(view: AssignmentView | None, actor: Actor) -> bool:
    """Whether this nurse has taken the bed."""
    return view is not None and any(step.by == actor for step in view.nurses)


def nurses_text(view: AssignmentView | None) -> str:
    """By whom the bed is taken; empty if nobody has."""
    return "、".join(step.by_name or step.by.id for step in view.nurses) if view is not None else ""


def mark(ward: Ward, session: Session, bed: str) -> bool:
    """Take this bed for this shift, or leave it if it was taken; whether it is hers now."""
    now = ward.clock.now()
    takes = not is_mine(assignments(ward.replica, now).get(bed), session.actor)
    body = (TakeBed if takes else LeaveBed)(shift_at=shift_at(now).begins_at, bed=bed)
    ward.record("assignment.take" if takes else "assignment.leave", body, actor=session.actor, bed=bed)
    return takes
