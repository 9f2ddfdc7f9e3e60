"""Health lessons: what a patient can read, the questions by which they tell it in their own mind, and for whom."""

from __future__ import annotations

from wardlink.clinical.lessons.reading import (
    Lesson,
    LessonCode,
    Lessons,
    Question,
    our_lessons,
    read_lessons,
)
from wardlink.clinical.lessons.states import UNDERSTOOD_PCT, LessonState, state_after

__all__ = [
    "UNDERSTOOD_PCT",
    "Lesson",
    "LessonCode",
    "LessonState",
    "Lessons",
    "Question",
    "our_lessons",
    "read_lessons",
    "state_after",
]
