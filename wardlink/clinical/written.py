"""Texts that a hospital writes for patients, in both languages: what guides and lessons are made of, and how a file
of them is read. What is wrong is named with its line, and nothing of it is used.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from wardlink.errors import Misconfigured
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


P = TypeVar("P", bound=Part)

MOST_BYTES = 60_000
"""So much text goes to a device at once; a message holds no more than 64 KiB."""


def read_written(kind: type[P], text: str, *, wrong: str, headings: Sequence[str]) -> P:
    """The texts in this TOML. `headings`: the tables in which a fault can lie, the outer ones first.

    Raises:
        Misconfigured: it is no TOML, or something in it is missing or wrong; `wrong` says so with `line` and `what`.
    """
    try:
        read = kind.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as exc:
        found = re.search(r"line (\d+)", str(exc))
        raise Misconfigured(wrong, line=found[1] if found else str(text.count("\n") + 1), what=str(exc)) from exc
    except ValidationError as exc:
        first = exc.errors(include_url=False, include_input=False)[0]
        what = f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
        raise Misconfigured(wrong, line=str(_line(text, first["loc"], headings)), what=what) from exc
    size = len(read.model_dump_json().encode())
    if size > MOST_BYTES:
        raise Misconfigured(wrong, line=str(text.count("\n") + 1), what=f"{size} bytes, {MOST_BYTES} at most")
    return read


def text_of(path: Path, *, wrong: str) -> str:
    """What stands in this file.

    Raises:
        Misconfigured: there is none, or it is no text.
    """
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise Misconfigured(wrong, line="1", what=" ".join(str(exc).split())) from exc


def _line(text: str, where: Sequence[int | str], headings: Sequence[str]) -> int:
    """The line of the table in which something is wrong: of a guide, or of the section in it."""
    begin = 1
    lines = text.splitlines()
    for depth, heading in enumerate(headings):
        at = 2 * depth + 1
        nth = where[at] if len(where) > at and where[at - 1] == heading.rpartition(".")[2] else None
        if not isinstance(nth, int):
            break
        rows = [n for n, line in enumerate(lines, 1) if n >= begin and line.strip() == f"[[{heading}]]"]
        begin = rows[nth] if nth < len(rows) else begin
    return begin
