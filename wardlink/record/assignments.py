"""Assignments in the ward record: one for each bed and shift, whoever speaks of it first."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from wardlink.messages.assignments import AssignmentStep, AssignmentView
from wardlink.messages.base import Actor
from wardlink.record.kind import Fold, Kind, Said

_NAMES = uuid.UUID("6d5f1c52-6f0e-5d0b-9a49-2b8f6f0a7f11")


def assignment_id(ward: str, bed: str, shift_at: datetime) -> str:
    """The id of the record of a bed in a shift: the same on every cart."""
    return str(uuid.uuid5(_NAMES, f"{ward}/{bed}/{shift_at.isoformat()}"))


def _said(known: AssignmentView | None, said: Said) -> AssignmentView:
    command, body = said.command, said.body
    view = known or AssignmentView(id=_target(command, body), bed=body.bed, shift_at=body.shift_at)
    if any(step.command == command.id for step in view.steps):
        return view
    step = AssignmentStep(
        command=command.id,
        takes=command.kind == "assignment.take",
        at=command.measured_at,
        by=command.actor if body.nurse is None else Actor(kind="staff", id=body.nurse),
        by_name=said.actor_name if body.nurse_name is None else body.nurse_name,
    )
    return view.model_copy(update={"steps": tuple(sorted((*view.steps, step), key=lambda s: (s.at, s.command)))})


def _target(command: Any, body: Any) -> str:
    return assignment_id(command.ward, body.bed, body.shift_at)


ASSIGNMENT = Kind(
    "assignment",
    AssignmentView,
    at=lambda view: view.shift_at,
    folds={kind: Fold(_said, target=_target) for kind in ("assignment.take", "assignment.leave")},
    state=lambda view: "taken" if view.nurses else "free",
    kept_for=timedelta(hours=24),
)
