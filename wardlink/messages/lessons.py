"""Health lessons at the bed: read, answered, and signed by a nurse."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from wardlink.clinical.lessons import LessonCode, Lessons, LessonState
from wardlink.ids import Id
from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.records import RecordView


class ReadLesson(Message):
    """Fact: the patient read it to the end."""

    lesson: LessonCode


class AnswerLesson(Message):
    """Fact: the patient answered its questions: so many of those that were asked were right."""

    lesson: LessonCode
    right: int = Field(ge=0, le=10)
    asked: int = Field(ge=1, le=10)

    @model_validator(mode="after")
    def _no_more_than_asked(self) -> Self:
        if self.right > self.asked:
            raise ValueError("more right answers than questions")
        return self


class SignLesson(Message):
    """Fact: a nurse has talked it over with the patient and signs."""

    lesson: LessonCode


class LessonView(RecordView):
    """Change `lesson.changed`: how far a patient is with a lesson; one for each lesson of a stay.

    `right` of `asked` are of the newest answers, `tries` counts them.
    """

    lesson: LessonCode
    state: LessonState = "unread"
    changed_at: Instant
    command: str
    read_at: Instant | None = None
    answered_at: Instant | None = None
    right: int | None = None
    asked: int | None = None
    tries: int = 0
    signed_at: Instant | None = None
    signed_by: Actor | None = None
    signed_by_name: str | None = None


class SetLessons(Message):
    """Fact of the server: these are the lessons from now on."""

    lessons: Lessons


class LessonsView(RecordView):
    """Change `lessons.changed`: the hospital's own lessons; one a ward."""

    lessons: Lessons
    told_at: Instant
    command: Id
