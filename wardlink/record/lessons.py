"""How far patients are with their lessons, in the ward record: one for each lesson of a stay."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from wardlink.clinical.lessons import state_after
from wardlink.messages.lessons import LessonView
from wardlink.record.kind import Fold, Kind, Said

_NAMES = uuid.UUID("5d0b5c0a-3c5e-5f83-9b1e-2f1c7f3b9a55")


def lesson_id(encounter: str, lesson: str) -> str:
    """The id of how far a stay is with a lesson."""
    return str(uuid.uuid5(_NAMES, f"{encounter} {lesson}"))


def _begun(known: LessonView | None, said: Said) -> LessonView:
    command = said.command
    return known or LessonView(
        id=lesson_id(command.encounter or "", said.body.lesson),
        encounter=command.encounter,
        bed=command.bed,
        lesson=said.body.lesson,
        changed_at=command.measured_at,
        command="",
    )


def _folded(known: LessonView | None, said: Said) -> LessonView:
    view, command = _begun(known, said), said.command
    if view.command == command.id:
        return view
    return view.model_copy(update=_facts(view, said) | {"command": command.id, "changed_at": command.measured_at})


def _facts(view: LessonView, said: Said) -> dict[str, Any]:
    command, body = said.command, said.body
    match command.kind:
        case "lesson.read":
            so_far = "read" if view.state == "unread" else view.state
            return {"read_at": view.read_at or command.measured_at, "state": so_far}
        case "lesson.answer":
            state = state_after(body.right, body.asked)
            marks = {"answered_at": command.measured_at, "tries": view.tries + 1}
            return marks | {"right": body.right, "asked": body.asked, "state": state}
        case _:
            marks = {"signed_at": command.measured_at, "signed_by": command.actor}
            return marks | {"signed_by_name": said.actor_name}


def _of_stay(command: Any, body: Any) -> str:
    return lesson_id(command.encounter or "", body.lesson)


LESSON = Kind(
    "lesson",
    LessonView,
    at=lambda view: view.changed_at,
    folds={kind: Fold(_folded, target=_of_stay) for kind in ("lesson.read", "lesson.answer", "lesson.sign")},
    state=lambda view: view.state,
    # What was learnt counts until the patient goes home.
    is_open=lambda view: view.signed_at is None,
    kept_for=timedelta(days=60),
    for_bed=True,
)
