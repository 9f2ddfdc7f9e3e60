"""The hospital's lessons in the ward record: one set a ward, held by every device of it, also at the beds."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from wardlink.clinical.lessons import Lessons, our_lessons
from wardlink.messages.lessons import LessonsView
from wardlink.record.house_texts import house_texts

_NAMES = uuid.UUID("0e6c1b52-6d0c-5b0e-9a55-3f0f6c1d7a18")


def lessons_id(ward: str) -> str:
    """The id of the lessons of a ward."""
    return str(uuid.uuid5(_NAMES, ward))


def lessons_of(told: Sequence[LessonsView]) -> Lessons:
    """What a device teaches: what it was told last, or else what ships."""
    return told[-1].lessons if told else our_lessons()


LESSONS = house_texts("lessons", LessonsView, lessons_id)
