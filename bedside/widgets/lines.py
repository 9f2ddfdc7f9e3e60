"""Words broken into lines of cells: between any two Chinese characters, between words elsewhere. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wardlink.terminal.cells import clip, width

_NOT_FIRST = "，。、；：？！）】》」』”’…—·,.;:?!)]}%°"
"""No line begins with one of these."""

_PIECES = re.compile(
    r"\s+|[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]|[^\s\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]+"
)


def wrapped(text: str, cells: int) -> list[str]:
    """`text` in lines of at most `cells` cells. A word longer than a line is broken; nothing is lost."""
    if cells <= 0:
        return []
    return [line for paragraph in text.split("\n") for line in _paragraph(paragraph, cells)]


def fitted(text: str, cells: int, rows: int) -> list[str]:
    """`text` in at most `rows` lines; what does not fit is shown to be missing by an ellipsis."""
    lines = wrapped(text, cells)
    if len(lines) <= rows:
        return lines
    kept = lines[:rows]
    if kept:
        kept[-1] = clip(kept[-1] + "…" * cells, cells)
    return kept


def packed(parts: Sequence[str], cells: int, separator: str = " · ") -> list[str]:
    """`parts` one after the other in lines of at most `cells` cells; a part is broken only if no line could hold it."""
    lines: list[str] = []
    for part in parts:
        longer = f"{lines[-1]}{separator}{part}" if lines else part
        if lines and width(longer) <= cells:
            lines[-1] = longer
        else:
            lines += wrapped(part, cells)
    return lines


def _paragraph(text: str, cells: int) -> list[str]:
    lines, line = [], ""
    for piece in _pieces(text):
        if width(line + piece.rstrip()) <= cells:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = piece.lstrip()
        while width(line) > cells:
            head = _head(line, cells)
            lines.append(head)
            line = line[len(head) :]
    return [*lines, line.rstrip()]


def _pieces(text: str) -> list[str]:
    found: list[str] = []
    for piece in _PIECES.findall(text):
        if found and piece[0] in _NOT_FIRST and not found[-1].isspace():
            found[-1] += piece
        else:
            found.append(piece)
    return found


def _head(text: str, cells: int) -> str:
    head = ""
    for char in text:
        if width(head + char) > cells:
            break
        head += char
    return head or text[:1]
