"""A page as lines of text, with the names of its colours: what a changed page is compared with, and read by people."""

from __future__ import annotations

from itertools import groupby

from rich.segment import Segment
from rich.style import Style
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from bedside.themes import CODE_GROUND, CODE_INK, DAY_COLOURS, PAIRS
from tests.bedside.figures import colours, drawn
from tests.bedside.screens import Hand

_INKS = {DAY_COLOURS[name]: name for name, _ in reversed(PAIRS)} | {CODE_INK: "code"}
_GROUNDS = {DAY_COLOURS[name]: name for _, name in reversed(PAIRS)} | {CODE_GROUND: "code"}
_USUAL = "ink/paper"


class TextFile(SingleFileSnapshotExtension):
    """A picture is a file of text, so that a change is read where it is reviewed."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


def words_of(hand: Hand) -> str:
    """The page's text, a line a row."""
    return "\n".join("".join(segment.text for segment in row).rstrip() for row in drawn(hand))


def styles_of(hand: Hand) -> str:
    """Where the page is not ink on paper: `rows: columns ink/ground`. Rows that look alike are said once."""
    said = []
    rows = [(number, _runs(row)) for number, row in enumerate(drawn(hand))]
    for runs, alike in groupby(rows, key=lambda row: row[1]):
        numbers = [number for number, _ in alike]
        if runs:
            span = f"{numbers[0]}-{numbers[-1]}" if len(numbers) > 1 else f"{numbers[0]}"
            said.append(f"{span}: {runs}")
    return "\n".join(said)


def _runs(row: list[Segment]) -> str:
    cells = [_name(segment.style, segment.text) for segment in row for _ in range(segment.cell_length)]
    said, x = [], 0
    for name, same in groupby(cells):
        n = len(list(same))
        if name != _USUAL:
            said.append(f"{x}-{x + n - 1} {name}")
        x += n
    return ", ".join(said)


def _name(style: Style | None, text: str) -> str:
    fore, back = colours(style)
    ground = _GROUNDS.get(back, back)
    if not text.strip():
        return _USUAL if ground == "paper" else f"/{ground}"
    bold = " bold" if style is not None and style.bold else ""
    return f"{_INKS.get(fore, fore)}/{ground}{bold}"
