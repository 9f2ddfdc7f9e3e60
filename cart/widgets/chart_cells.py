"""A page of the temperature chart on cells: which character stands where, and in which ink. Pure.

A column of the chart is two cells wide, or one and a half where there is no room for more; a degree is two rows high.
Lines are braille dots; where a value lies stands its symbol, and two that meet in one cell share a symbol that says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field

from wardlink.clinical.temperature_chart.page import Mark, Note, Page, Row, RowCell
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import clip, fit, width
from wardlink.terminal.plot import BLANK, Canvas

_ = domain("cart").gettext

GUTTER = 11
"""Cells before the grid, for scales and labels."""

WIDE, NARROW = 4, 3
"""Dots of a column."""

ROWS = 16
"""Rows of the grid; eight degrees lie on them."""

SYMBOLS: Mapping[str, str] = {
    "dot": "●",
    "cross": "×",
    "ring": "○",
    "triangle": "△",
    "ring-around": "◎",
    "paced": "H",
}
BOTH = "⊗"
"""A temperature and a pulse in one cell."""

LABELS: Mapping[str, str] = {
    "date": N_("Date"),
    "day": N_("Hosp. day"),
    "post-op": N_("Post-op"),
    "rr": N_("Resp"),
    "bp": N_("BP"),
    "intake": N_("Intake"),
    "urine": N_("Urine"),
    "stool": N_("Stools"),
    "output": N_("Output"),
    "weight": N_("Weight"),
    "height": N_("Height"),
    "girth": N_("Girth"),
    "risk": N_("Risks"),
    "skin": N_("Skin test"),
    "pain": N_("Pain"),
}
"""Names that fit before the grid."""

SHOWN_EMPTY = frozenset({"date", "day", "post-op", "rr", "bp", "intake", "urine", "stool", "weight"})
"""Rows that stand on the screen also when nothing is in them; the paper has them all."""

_GRID, _HATCH, _RED_LINE, _PULSE, _TEMP = range(5)
_INKS = ("grid", "hatch", "red-line", "red", "blue")


@dataclass
class Line:
    """A row of cells; the second cell of a wide character holds an empty text."""

    cells: list[tuple[str, str]] = field(default_factory=list)

    def put(self, at: int, text: str, ink: str) -> None:
        """Write over what stands there; what reaches beyond the edge is left out."""
        for char in text:
            wide = width(char)
            if at < 0 or at + wide > len(self.cells):
                return
            self._clear(at)
            self._clear(at + wide - 1)
            self.cells[at] = (char, ink)
            if wide == 2:
                self.cells[at + 1] = ("", ink)
            at += wide

    def _clear(self, at: int) -> None:
        """Half a wide character cannot stay."""
        if self.cells[at][0] == "" and at > 0:
            self.cells[at - 1] = (" ", self.cells[at - 1][1])
        if width(self.cells[at][0]) == 2 and at + 1 < len(self.cells):
            self.cells[at + 1] = (" ", self.cells[at + 1][1])

    @property
    def text(self) -> str:
        """All characters."""
        return "".join(char for char, _ink in self.cells)


@dataclass(frozen=True)
class Sheet:
    """Lines of a page; the first `head` are dates. `dots`: of a column."""

    lines: tuple[Line, ...]
    head: int
    dots: int

    def cells_of(self, column: int) -> tuple[int, int]:
        """First cell of a column, and the first one after it."""
        return GUTTER + column * self.dots // 2, GUTTER + -(-(column + 1) * self.dots // 2)


def dots_for(columns: int, cells: int) -> int:
    """How many dots a column takes where there are so many cells."""
    return WIDE if GUTTER + columns * WIDE // 2 <= cells else NARROW


def sheet(page: Page, dots: int) -> Sheet:
    """The page, drawn."""
    plot = -(-page.columns * dots // 2)
    head = [line for row in page.head for line in _row(row, page, dots, plot)]
    hours = _blank(_("Hour"), plot)
    for column in range(page.columns):
        text = str(page.column_hours[column % len(page.column_hours)])
        if column % 2 == 0:
            hours.put(GUTTER + column * dots // 2, fit(text, 2, "right"), "dim")
    for column in page.revised:
        hours.put(GUTTER + (column - column % 2) * dots // 2 + 2, "*", "red")
    below = [line for row in page.bottom for line in _row(row, page, dots, plot)]
    lines = (*head, hours, *_grid(page, dots, plot), *below)
    for line in lines:
        _separate_days(line, page, dots)
    return Sheet(lines, len(head) + 1, dots)


def _blank(label: str, plot: int, ink: str = "dim") -> Line:
    line = Line([(" ", "dim")] * (GUTTER + plot))
    line.put(0, clip(label, GUTTER - 1), ink)
    line.put(GUTTER - 1, "│", "grid")
    return line


def _separate_days(line: Line, page: Page, dots: int) -> None:
    for day in range(1, len(page.days)):
        at = GUTTER + day * len(page.column_hours) * dots // 2
        if line.cells[at][0] == " " and line.cells[at - 1][0] != "":
            line.put(at, "┊", "grid")


def _grid(page: Page, dots: int, plot: int) -> list[Line]:
    scale = ROWS * 4 / page.rows_high
    high = ROWS * 4 - 1

    def dot(x: float, y: float) -> tuple[int, int]:
        return int(x * dots), min(high, round(y * scale))

    canvas = Canvas(plot, ROWS)
    per_degree = page.rows_high / (page.top_c - page.bottom_c)
    for degree in range(int(page.top_c - page.bottom_c)):
        y = round(degree * per_degree * scale)
        is_red = degree * per_degree == page.red_line_y
        for x in range(0, page.columns * dots, 2 if is_red else 4):
            canvas.dot(x, y, _RED_LINE if is_red else _GRID)
    for stroke in sorted(page.strokes, key=lambda s: (s.style != "hatch", s.series == "temp")):
        (x0, y0), (x1, y1) = dot(stroke.x0, stroke.y0), dot(stroke.x1, stroke.y1)
        if stroke.style == "hatch":
            for y in range(min(y0, y1) + 1, max(y0, y1)):
                if (x0 + y) % 3 == 0:
                    canvas.dot(x0, y, _HATCH)
        elif stroke.style == "dashed":
            for y in range(min(y0, y1), max(y0, y1) + 1):
                if y % 3 != 1:
                    canvas.dot(x0, y, _PULSE)
        else:
            canvas.line(x0, y0, x1, y1, _TEMP if stroke.colour == "blue" else _PULSE)
    lines = []
    for row in range(ROWS):
        line = _blank("", plot)
        for at, (char, owner) in enumerate(canvas.row(row)):
            ink = "dim" if owner is None else _INKS[owner]
            line.cells[GUTTER + at] = (char if owner is not None else chr(BLANK), ink)
        lines.append(line)
    _scales(lines, page)
    places = _marks(page.marks, dot)
    held = _notes(lines, page, dots, places.keys())
    for (at, row), (char, ink) in places.items():
        lines[row].put(GUTTER + at, char, ink)
    _beyond(lines, page, dot, held | places.keys())
    return lines


def _scales(lines: list[Line], page: Page) -> None:
    rows = ROWS / (page.top_c - page.bottom_c)
    for degree in range(int(page.top_c - page.bottom_c)):
        temp_c = page.top_c - degree
        pulse = page.top_pulse - degree * page.pulse_per_c
        is_red = degree * page.rows_high / (page.top_c - page.bottom_c) == page.red_line_y
        line = lines[round(degree * rows)]
        line.put(1, fit(f"{temp_c:g}℃", 4, "right"), "red" if is_red else "blue")
        line.put(6, fit(f"{pulse:g}", 4, "right"), "red")


Dot = Callable[[float, float], tuple[int, int]]
Place = tuple[int, int]
"""A cell of the grid: from the left, from above."""


def _marks(marks: Iterable[Mark], dot: Dot) -> dict[Place, tuple[str, str]]:
    """By cell what stands there. Values that differ and fall into one cell stand beside each other if they can."""
    found: dict[Place, dict[float, list[Mark]]] = {}
    for mark in marks:
        x, y = dot(mark.x, mark.y)
        found.setdefault((x // 2, y // 4), {}).setdefault(mark.y, []).append(mark)
    drawn: dict[Place, list[Mark]] = {}
    for (at, row), heights in found.items():
        # The pulse keeps the middle; temperatures go to the left of it.
        for here in sorted(heights.values(), key=lambda here: here[0].series != "pulse"):
            sides = (at, at + 1, at - 1) if here[0].series == "hr" else (at, at - 1, at + 1)
            free = (cell for cell in sides if (cell, row) not in drawn and (cell == at or (cell, row) not in found))
            drawn.setdefault((next(free, at), row), []).extend(here)
    return {place: _together(here) for place, here in drawn.items()}


def _together(here: list[Mark]) -> tuple[str, str]:
    if len(here) == 1:
        return SYMBOLS[here[0].symbol], here[0].colour
    series = {mark.series for mark in here}
    if "temp" in series:
        return (BOTH if series & {"pulse", "hr"} else SYMBOLS["ring-around"]), "both"
    return SYMBOLS["ring-around"] if series == {"pulse", "hr"} else SYMBOLS[here[-1].symbol], "red"


def _notes(lines: list[Line], page: Page, dots: int, marks: Set[Place]) -> set[Place]:
    """One character below the other; a note ends above the first symbol in its way, and is told in full below."""
    held: set[Place] = set()
    for note in page.notes:
        top = min(ROWS - 1, round(note.y * ROWS / page.rows_high))
        at = note.column * dots // 2
        if note.y and note.text.isascii():
            lines[top].put(GUTTER + at, note.text, note.colour)
            held |= {(at + n, top) for n in range(len(note.text))}
            continue
        while held & {(at, top), (at + 1, top)} and GUTTER + at + 3 < len(lines[0].cells):
            at += 1
        room = next((row for row in range(top, ROWS) if {(at, row), (at + 1, row)} & marks), ROWS) - top
        for row, char in enumerate(_in(note, room), top):
            lines[row].put(GUTTER + at, char, note.colour)
            held |= {(at, row), (at + 1, row)}
    return held


def _beyond(lines: list[Line], page: Page, dot: Dot, held: set[Place]) -> None:
    """A number off the grid stands beside its symbol, or as near as there is room."""
    plot = len(lines[0].cells) - GUTTER
    for beyond in page.beyond:
        x, y = dot(beyond.x, beyond.y)
        cells = width(beyond.text)
        steps = range(ROWS) if y < ROWS * 2 else range(0, -ROWS, -1)
        places = ((at, y // 4 + step) for step in steps for at in (x // 2 + 1, x // 2 - cells))
        taken = ({(at + n, row) for n in range(cells)} for at, row in places if 0 <= at <= plot - cells)
        here = next((cells for cells in taken if not cells & held), None)
        if here is not None:
            at, row = min(here)
            lines[row].put(GUTTER + at, beyond.text, beyond.colour)
            held |= here


def _in(note: Note, room: int) -> str:
    return note.text if len(note.text) <= room else note.text[: max(0, room - 1)] + "…"


def _row(row: Row, page: Page, dots: int, plot: int) -> list[Line]:
    if not row.cells and row.key not in SHOWN_EMPTY:
        return []
    label = " ".join(filter(None, (_(LABELS[row.key]) if row.key in LABELS else row.label, row.unit)))
    lines = [_blank(label, plot)]
    ends = [0]
    for cell in row.cells:
        begin, end = cell.x * dots / 2, (cell.x + cell.columns) * dots / 2
        day = len(page.column_hours) * dots // 2
        # A cell more than a day has: the mark between two days gives way.
        text = clip(cell.text, day + 1)
        most = min((int(begin) // day + 1) * day + 1, plot) - width(text)
        at = max(0, min(int((begin + end - width(text)) / 2), most))
        index = _line_for(cell, at, ends)
        if index == len(lines):
            lines.append(_blank("", plot))
            ends.append(0)
        lines[index].put(GUTTER + at, text, "plain" if cell.colour == "black" else cell.colour)
        ends[index] = at + width(text) + 1
    return lines


def _line_for(cell: RowCell, at: int, ends: list[int]) -> int:
    """Halves have their own lines; whatever else would touch its neighbour goes one lower."""
    if cell.half != "whole":
        return min(("upper", "lower").index(cell.half), len(ends))
    return next((index for index, end in enumerate(ends) if end <= at), len(ends))
