"""Reads guides as `guides.toml` is written; what is wrong is named with its line, and nothing of it is used."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator

from wardlink.clinical.written import Both, Line, Part, demand_once, read_written
from wardlink.i18n import N_, language

_WRONG = N_("The guides are wrong in line {line}: {what}")

_Initials = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+$")]


class Word(Part):
    """A word by which a guide is found, with the initials of its pinyin."""

    word: Line
    initials: _Initials


class Section(Part):
    """A part of a guide under a heading of its own, a paragraph a line."""

    title: Both
    zh_CN: tuple[Line, ...] = Field(min_length=1)
    en: tuple[Line, ...] = Field(min_length=1)

    def lines(self) -> tuple[str, ...]:
        """The paragraphs in the language of the screen."""
        return self.zh_CN if language() == "zh_CN" else self.en


class Guide(Part):
    """One subject."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z-]+$")]
    title: Both
    initials: _Initials
    words: tuple[Word, ...] = ()
    sections: tuple[Section, ...] = Field(min_length=1)


class Guides(Part):
    """A whole file: where its texts come from, of which day, and how far they can be trusted."""

    source: Line
    as_of: date
    trust: Line
    guides: tuple[Guide, ...] = Field(min_length=1, max_length=60)

    @field_validator("guides")
    @classmethod
    def _once(cls, found: tuple[Guide, ...]) -> tuple[Guide, ...]:
        demand_once([guide.code for guide in found])
        return found

    def called(self, code: str) -> Guide | None:
        """The guide of this code; None where there is none."""
        return next((guide for guide in self.guides if guide.code == code), None)


@cache
def our_guides() -> Guides:
    """Those that ship: general procedure."""
    return read_guides(files(__package__).joinpath("guides.toml").read_text(encoding="utf-8"))


def read_guides(text: str) -> Guides:
    """The guides in this text.

    Raises:
        FileWrong: it is no TOML, or something in it is missing or wrong; says in which line and what.
    """
    return read_written(Guides, text, wrong=_WRONG, headings=("guides", "guides.sections"))
