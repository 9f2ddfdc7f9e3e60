"""The hospital's lessons in the ward record: one set a ward, held by every device of it, also at the beds."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from wardlink.clinical.lessons import Lessons, our_lessons
from wardlink.messages.lessons import LessonsView
from wardlink.record.kind import Fold, Kind, Said

_NAMES = uuid.UUID("0e6c1b52-6d0c-5b0e-9a55-3f0f6c1d7a18")


def lessons_id(ward: str) -> str:
    """The id of the lessons of a ward."""
    return str(uuid.uuid5(_NAMES, ward))


def lessons_of(told: Sequence[LessonsView]) -> Lessons:
    """What a device teaches: what it was told last, or else what ships."""
    return told[-1].lessons if told else our_lessons()


def _set(known: LessonsView | None, said: Said) -> LessonsView:
    command = said.command
    if known is not None and known.command == command.id:
        return known
    return LessonsView(
        id=lessons_id(command.ward), lessons=said.body.lessons, told_at=command.measured_at, command=command.id
    )


def _lessons(command: Any, body: Any) -> str:
    return lessons_id(command.ward)


LESSONS = Kind(
    "lessons",
    LessonsView,
    at=lambda view: view.told_at,
    folds={"lessons.set": Fold(_set, target=_lessons)},
    is_open=lambda view: True,
    state=lambda view: "set",
    for_bed=True,
    for_every_bed=True,
)
