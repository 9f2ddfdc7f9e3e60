"""Reads the guides from the package's file, and refuses one that cannot be shown whole in both languages."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from wardlink.errors import WardlinkError
from wardlink.i18n import N_, language

_Line = Annotated[str, StringConstraints(min_length=1, max_length=400, strip_whitespace=True)]
_Initials = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+$")]


class GuidesUnreadable(WardlinkError):
    """A file of guides cannot be used; `fault` says where and why."""

    code = "guides-unreadable"
    sentence = N_("{file} cannot be used: {fault}")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Both(_Part):
    zh_CN: _Line
    en: _Line

    def text(self) -> str:
        """In the language of the screen."""
        return self.zh_CN if language() == "zh_CN" else self.en


class Word(_Part):
    """A word by which a guide is found, with the initials of its pinyin."""

    word: _Line
    initials: _Initials


class Section(_Part):
    """A part of a guide under a heading of its own, a paragraph a line."""

    title: _Both
    zh_CN: tuple[_Line, ...] = Field(min_length=1)
    en: tuple[_Line, ...] = Field(min_length=1)

    def lines(self) -> tuple[str, ...]:
        """The paragraphs in the language of the screen."""
        return self.zh_CN if language() == "zh_CN" else self.en


class Guide(_Part):
    """One subject."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z-]+$")]
    title: _Both
    initials: _Initials
    words: tuple[Word, ...] = ()
    sections: tuple[Section, ...] = Field(min_length=1)


class _File(_Part):
    source: _Line
    as_of: Any
    trust: _Line
    guides: tuple[Guide, ...] = Field(min_length=1)


@cache
def read_guides() -> tuple[Guide, ...]:
    """Every guide there is."""
    return parsed("guides.toml", files(__package__).joinpath("guides.toml").read_text(encoding="utf-8"))


def parsed(name: str, text: str) -> tuple[Guide, ...]:
    """The guides of a file's text; `name` is what an error calls it.

    Raises:
        GuidesUnreadable: it names the line that is no TOML, or the field that is missing or wrong.
    """
    try:
        found = _File.model_validate(tomllib.loads(text)).guides
    except tomllib.TOMLDecodeError as error:
        raise GuidesUnreadable(file=name, fault=str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise GuidesUnreadable(file=name, fault=f"{where}: {first['msg']}") from error
    codes = [guide.code for guide in found]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice is not None:
        raise GuidesUnreadable(file=name, fault=f"guides: {twice} stands there twice")
    return found
