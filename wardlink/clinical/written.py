"""Texts that a hospital writes for patients, in both languages: what guides and lessons are made of, and how a file
of them is read. What is wrong is named with its line, and nothing of it is used.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic_core import PydanticCustomError

from wardlink.errors import Fault, FileWrong
from wardlink.i18n import N_, language

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


def demand_once(codes: Sequence[str]) -> None:
    """Let no code stand there twice: for the models of files."""
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice is not None:
        raise PydanticCustomError("twice", "{twice} stands there twice", {"twice": twice})


MOST_BYTES = 60_000
"""So much text goes to a device at once; a message holds no more than 64 KiB."""


_NO_TOML = N_("this is no TOML: {detail}")
_LARGE = N_("{size} bytes, {most} at most")
_MISSING = N_("{name} is missing")
_UNKNOWN = N_("{name} is not known here")
_TWICE = N_("{twice} stands there twice")
_NO_CHOICE = N_("{name}: the right choice is none of them")
_LONG = N_("{name} is longer than {most} characters")
_EMPTY = N_("{name} is empty")
_FORM = N_("{name} is not written as it must be")
_BETWEEN = N_("{name} is too large or too small")


def read_toml(text: str, *, wrong: str) -> dict[str, Any]:
    """The tables in this TOML.

    Raises:
        FileWrong: it is none; `wrong` says so with `line` and `what`.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        found = re.search(r"line (\d+)", str(exc))
        line = int(found[1]) if found else text.count("\n") + 1
        raise FileWrong(wrong, [Fault(_NO_TOML, line, {"detail": str(exc)})]) from exc


def line_beginning(text: str, row: str) -> int:
    """The first line that begins with this; 1 where none does."""
    return next((n for n, line in enumerate(text.splitlines(), 1) if line.lstrip().startswith(row)), 1)


def read_written(kind: type[P], text: str, *, wrong: str, headings: Sequence[str]) -> P:
    """The texts in this TOML. `headings`: the tables in which a fault can lie, the outer ones first.

    Raises:
        FileWrong: it is no TOML, or something in it is missing or wrong; `wrong` says so with `line` and `what`.
    """
    table = read_toml(text, wrong=wrong)
    try:
        read = kind.model_validate(table)
    except ValidationError as exc:
        found = _causes(exc.errors(include_url=False, include_input=False))
        faults = [_fault(error, _line(text, error["loc"], headings)) for error in found]
        raise FileWrong(wrong, faults) from exc
    size = len(read.model_dump_json().encode())
    if size > MOST_BYTES:
        raise FileWrong(wrong, [Fault(_LARGE, text.count("\n") + 1, {"size": size, "most": MOST_BYTES})])
    return read


def _causes(errors: Sequence[Any]) -> list[Any]:
    """Without the lists that are too short only because what stands in them is wrong."""
    places = [error["loc"] for error in errors]

    def follows(error: Any) -> bool:
        where = error["loc"]
        return error["type"] == "too_short" and any(p[: len(where)] == where and p != where for p in places)

    return [error for error in errors if not follows(error)]


def _fault(error: Any, line: int) -> Fault:
    """What a model has to say, in a sentence of ours."""
    name = ".".join(str(part) for part in error["loc"])
    match error["type"]:
        case "missing":
            return Fault(_MISSING, line, {"name": name})
        case "extra_forbidden":
            return Fault(_UNKNOWN, line, {"name": name})
        case "string_too_long":
            return Fault(_LONG, line, {"name": name, "most": error["ctx"]["max_length"]})
        case "string_too_short" | "too_short":
            return Fault(_EMPTY, line, {"name": name})
        case "greater_than_equal" | "less_than_equal" | "too_long":
            return Fault(_BETWEEN, line, {"name": name})
        case "twice":
            return Fault(_TWICE, line, dict(error["ctx"]))
        case "no_choice":
            return Fault(_NO_CHOICE, line, {"name": name})
        case _:
            return Fault(_FORM, line, {"name": name})


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
