"""Text on a grid of cells: a Chinese character takes two, and no text that people typed may move its neighbours."""

from __future__ import annotations

import unicodedata
from typing import Literal

from rich.cells import cell_len, set_cell_size

Align = Literal["left", "right", "centre"]

_MOST_MARKS = 2
ELLIPSIS = "…"


def width(text: str) -> int:
    """How many cells `text` takes."""
    return cell_len(text)


def clip(text: str, cells: int) -> str:
    """`text` in at most `cells` cells; what is cut off is shown by an ellipsis."""
    if cell_len(text) <= cells:
        return text
    if cells <= 0:
        return ""
    return set_cell_size(text, cells - 1).rstrip() + ELLIPSIS


def fit(text: str, cells: int, align: Align = "left") -> str:
    """`text` in exactly `cells` cells: clipped, or padded with spaces."""
    shown = clip(text, cells)
    room = cells - cell_len(shown)
    before = {"left": 0, "right": room, "centre": room // 2}[align]
    return " " * before + shown + " " * (room - before)


def plain(text: str) -> str:
    """Text from a person, safe in one line of cells: what would move, hide or reorder its neighbours is gone.

    Control and format characters (joiners, marks of direction, zero widths) are dropped, breaks of line and
    tabulators become a space, and a letter keeps at most two combining marks.
    """
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", text):
        category = unicodedata.category(char)
        if char in "\n\r\t\v\f\x85" or category in ("Zs", "Zl", "Zp"):
            char = " "
        elif category in ("Cc", "Cf", "Cs", "Co", "Cn") or _selects_variant(char):
            continue
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks <= _MOST_MARKS and not (marks and not kept):
            kept.append(char)
    return "".join(kept)


def _selects_variant(char: str) -> bool:
    # A selector makes the character before it two cells wide in some terminals and one in others.
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef" or "\U0001f3fb" <= char <= "\U0001f3ff"
