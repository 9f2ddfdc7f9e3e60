"""Reads the lessons that ship with the package."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from wardlink.clinical.written import Both, Line, Part
from wardlink.i18n import language

LessonCode = Annotated[str, StringConstraints(pattern=r"^[a-z]+(?:-[a-z]+)*$", max_length=30)]


class Question(Part):
    """One question of the teach-back. `right`: which choice is right, from 0."""

    ask: Both
    choices: tuple[Both, ...] = Field(min_length=2, max_length=4)
    right: int = Field(ge=0)

    @model_validator(mode="after")
    def _one_is_right(self) -> Self:
        if self.right >= len(self.choices):
            raise ValueError("right: there is no such choice")
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
    whom: Whom = Field(alias="for", default=Whom())
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


class _File(Part):
    lessons: tuple[Lesson, ...] = Field(min_length=1)


@cache
def read_lessons() -> tuple[Lesson, ...]:
    """Every lesson there is: those that ship."""
    text = files(__package__).joinpath("lessons.toml").read_text(encoding="utf-8")
    return _File.model_validate(tomllib.loads(text)).lessons
