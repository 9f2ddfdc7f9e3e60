"""Texts that a hospital writes for patients, in both languages: what guides and lessons are made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from wardlink.i18n import language

Line = Annotated[str, StringConstraints(min_length=1, max_length=400, strip_whitespace=True)]
"""A paragraph."""


class Part(BaseModel):
    """A part of a file, with no field that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Both(Part):
    """A text in both languages."""

    zh_CN: Line
    en: Line

    def text(self) -> str:
        """In the language of the screen."""
        return self.zh_CN if language() == "zh_CN" else self.en
