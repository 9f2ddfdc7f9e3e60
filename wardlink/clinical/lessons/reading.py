"""Reads lessons as `lessons.toml` is written: those that ship, or a hospital's own."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, Self

from pydantic import AliasChoices, Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from wardlink.clinical.written import Both, Line, Part, demand_once, read_written
from wardlink.i18n import N_, language

_WRONG = N_("The lessons are wrong in line {line}: {what}")

LessonCode = Annotated[str, StringConstraints(pattern=r"^[a-z]+(?:-[a-z]+)*$", max_length=30)]


class Question(Part):
    """One question of the teach-back. `right`: which choice is right, from 0."""

    ask: Both
    choices: tuple[Both, ...] = Field(min_length=2, max_length=4)
    right: int = Field(ge=0)

    @model_validator(mode="after")
    def _one_is_right(self) -> Self:
        if self.right >= len(self.choices):
            raise PydanticCustomError("no_choice", "right: there is no such choice")
        return self


class Whom(Part):
    """For whom a lesson is first. `drugs`: classes of drugs; `risks`: scales by which somebody is at risk."""

    everyone: bool = False
    diets: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    operation: bool = False


class Lesson(Part):
    """One topic. `minutes`: how long it takes to read; the points stand a paragraph a line."""

    code: LessonCode
    title: Both
    level: Literal["plain", "more"]
    minutes: int = Field(ge=1, le=30)
    source: Line
    as_of: date
    trust: Literal["V", "V2", "K", "D"]
    zh_CN: tuple[Line, ...] = Field(min_length=1)
    en: tuple[Line, ...] = Field(min_length=1)
    whom: Whom = Field(validation_alias=AliasChoices("for", "whom"), default=Whom())
    questions: tuple[Question, ...] = Field(min_length=3, max_length=10)

    def lines(self) -> tuple[str, ...]:
        """The points in the language of the screen."""
        return self.zh_CN if language() == "zh_CN" else self.en

    def is_for(
        self,
        *,
        diets: Collection[str],
        drugs: Collection[str] = (),
        risks: Collection[str] = (),
        operation: bool = False,
    ) -> bool:
        """Whether this patient is to read it, as far as the record knows."""
        whom = self.whom
        met = set(whom.diets) & set(diets), set(whom.drugs) & set(drugs), set(whom.risks) & set(risks)
        return whom.everyone or any(met) or (whom.operation and operation)


class Lessons(Part):
    """A whole file."""

    lessons: tuple[Lesson, ...] = Field(min_length=1, max_length=60)

    @field_validator("lessons")
    @classmethod
    def _once(cls, found: tuple[Lesson, ...]) -> tuple[Lesson, ...]:
        demand_once([lesson.code for lesson in found])
        return found

    def called(self, code: str) -> Lesson | None:
        """The lesson of this code; None where there is none."""
        return next((lesson for lesson in self.lessons if lesson.code == code), None)


@cache
def our_lessons() -> Lessons:
    """Those that ship."""
    return read_lessons(files(__package__).joinpath("lessons.toml").read_text(encoding="utf-8"))


def read_lessons(text: str) -> Lessons:
    """The lessons in this text.

    Raises:
        FileWrong: it is no TOML, or something in it is missing or wrong; says in which line and what.
    """
    return read_written(Lessons, text, wrong=_WRONG, headings=("lessons", "lessons.questions"))
