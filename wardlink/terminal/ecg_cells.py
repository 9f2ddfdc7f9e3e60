"""A strip on a grid of cells: paper, curve, beats and marks. Pure; `wardlink.terminal.ecg_trace` paints it.

A cell is a millimetre wide and two high, so that a big square is five columns on two and a half rows, as on paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from wardlink.clinical.ecg.paper import BIG_MM, Paper
from wardlink.clinical.ecg.strip import MISSING, Strip
from wardlink.terminal.cells import clip, width
from wardlink.terminal.plot import BLANK, Canvas

DOTS_PER_MM = 2
GUTTER = 7
"""Cells on the left: the name of a lead, and how high a millivolt is."""

LEAST_ROWS = 4
"""Of a lead; where there are fewer, fewer leads are shown."""

_BIG = BIG_MM * DOTS_PER_MM
_SMALL_BITS = 0x01 | 0x04
_LEFT_BITS = 0x01 | 0x02 | 0x04 | 0x40
_ROW_BITS = (0x01 | 0x08, 0x02 | 0x10, 0x04 | 0x20, 0x40 | 0x80)

Spans = Mapping[str, tuple[float, float]]
"""The least and the greatest microvolts of each lead."""


@dataclass(frozen=True)
class Look:
    """What of a strip is looked at. `left_mm`: where on the paper the left edge is; `marks`: samples.

    `beats` were found in `beats_lead`: across a gap in it no interval is said. `with_beats`: they have a row on top.
    """

    leads: tuple[str, ...]
    paper: Paper = field(default_factory=Paper)
    left_mm: int = 0
    beats: tuple[int, ...] = ()
    beats_lead: str | None = None
    marks: tuple[int, ...] = ()
    with_beats: bool = True

    @property
    def edge_rows(self) -> int:
        """Rows that are not the leads': seconds at the bottom, and the beats."""
        return 2 if self.with_beats else 1


@dataclass
class Row:
    """A row of cells: characters and the ink of each."""

    chars: list[str]
    inks: list[str]

    def write(self, at: int, text: str, ink: str) -> None:
        """Put words of narrow letters over what is there; what lies beyond the ends is dropped."""
        for offset, char in enumerate(text):
            if 0 <= at + offset < len(self.chars):
                self.chars[at + offset], self.inks[at + offset] = char, ink


@dataclass(frozen=True)
class Sheet:
    """The rows, and which columns a mark stands in, with its letter."""

    rows: tuple[Row, ...]
    marked: Mapping[int, str] = field(default_factory=dict)


def spans(strip: Strip) -> Spans:
    """How far each lead goes down and up; nought where it has no value."""
    found = {}
    for lead, samples in strip.leads.items():
        known = [value for value in samples if value != MISSING] or [0]
        found[lead] = min(known) * strip.uv_per_unit, max(known) * strip.uv_per_unit
    return found


def length_mm(strip: Strip, paper: Paper) -> int:
    """How long the paper is."""
    return max(1, -int(-paper.mm(strip.seconds) // 1))


def column_of(strip: Strip, look: Look, sample: int) -> int:
    """The column of a sample; may lie outside."""
    return GUTTER + int(look.paper.mm(sample / strip.rate_hz) // 1) - look.left_mm


def sample_at(strip: Strip, look: Look, column: int) -> int:
    """The sample in the middle of a column, or the nearest one."""
    seconds = look.paper.seconds(look.left_mm + column - GUTTER + 0.5)
    return max(0, min(strip.length - 1, round(seconds * strip.rate_hz)))


def leads_that_fit(leads: Sequence[str], rows: int, edge_rows: int = 2) -> tuple[str, ...]:
    """As many leads as there are rows for, at least one."""
    return tuple(leads[: max(1, (rows - edge_rows) // LEAST_ROWS)])


def sheet(strip: Strip, reach: Spans, look: Look, columns: int, rows: int, off: str) -> Sheet:
    """Everything on `columns` × `rows` cells: beats on top, seconds at the bottom. `off`: the words for a lead off."""
    leads = leads_that_fit(look.leads, rows, look.edge_rows)
    lanes, room = list[Row](), rows - look.edge_rows
    for index, lead in enumerate(leads):
        height = room // (len(leads) - index)
        room -= height
        lanes += _Lane(strip, lead, reach[lead], look, columns - GUTTER, height).rows(off)
    marked = {column_of(strip, look, mark): letter for mark, letter in zip(look.marks, "AB", strict=False)}
    marked = {column: letter for column, letter in marked.items() if GUTTER <= column < columns}
    seconds = _seconds(strip, look, columns)
    if not look.with_beats:
        return Sheet((*lanes, seconds), marked)
    beats = _beats(strip, look, columns)
    for column, letter in marked.items():
        beats.write(column, letter, "mark")
    return Sheet((beats, *lanes, seconds), marked)


class _Lane:
    """One lead."""

    def __init__(
        self, strip: Strip, lead: str, reach: tuple[float, float], look: Look, columns: int, height: int
    ) -> None:
        self._strip, self._lead, self._look = strip, lead, look
        self._columns, self._height = columns, height
        middle_mm = look.paper.height_mm(sum(reach) / 2)
        self._zero = height * 2 + round(middle_mm) * DOTS_PER_MM
        self._end = min(columns, length_mm(strip, look.paper) - look.left_mm)
        self._canvas = Canvas(columns, height)
        self._cut: dict[int, int] = {}
        self._gaps: set[int] = set()

    def rows(self, off: str) -> Iterator[Row]:
        self._draw()
        for y in range(self._height):
            row = self._gutter(y)
            for x, (char, owner) in enumerate(self._canvas.row(y)):
                paper, ink = self._paper(x, y)
                row.chars.append(paper if owner is None else char)
                row.inks.append(ink if owner is None else "trace")
            for x, edge in self._cut.items():
                if edge == y:
                    row.write(GUTTER + x, "▲" if y == 0 else "▼", "cut")
            if y == self._height // 2:
                self._write_off(row, off)
            yield row

    def _draw(self) -> None:
        """Sample by sample: a line from each to the next, as long as both are known."""
        samples, paper = self._strip.leads[self._lead], self._look.paper
        dots_per_sample = paper.mm(1 / self._strip.rate_hz) * DOTS_PER_MM
        left = self._look.left_mm * DOTS_PER_MM
        first = max(0, int(left / dots_per_sample) - 1)
        last = min(len(samples), int((left + self._columns * DOTS_PER_MM) / dots_per_sample) + 2)
        uv, top, bottom = self._strip.uv_per_unit, 0, self._height * 4 - 1
        before: tuple[int, int] | None = None
        for sample in range(first, last):
            x, value = int(sample * dots_per_sample // 1) - left, samples[sample]
            if value == MISSING:
                self._gaps.add(x // 2)
                before = None
                continue
            y = self._zero - round(paper.height_mm(value * uv) * DOTS_PER_MM)
            inside = min(bottom, max(top, y))
            if y != inside:
                self._cut[x // 2] = 0 if y < top else self._height - 1
            from_x, from_y = before or (x, inside)
            if (from_x, from_y) != (x, inside) or before is None:
                self._canvas.line(from_x, from_y, x, inside, 0)
            before = x, inside
        self._cut = {x: edge for x, edge in self._cut.items() if 0 <= x < self._columns}

    def _paper(self, x: int, y: int) -> tuple[str, str]:
        if x >= self._end:
            return " ", "plain"
        bits = 0
        if (self._look.left_mm + x) % BIG_MM == 0:
            bits |= _LEFT_BITS
        for dot, line in enumerate(_ROW_BITS):
            if (y * 4 + dot - self._zero) % _BIG == 0:
                bits |= line
        return (chr(BLANK + bits), "big") if bits else (chr(BLANK + _SMALL_BITS), "small")

    def _gutter(self, y: int) -> Row:
        """The name on top; a pulse of one millivolt where it has room."""
        row = Row([" "] * GUTTER, ["name"] * GUTTER)
        pulse = Canvas(GUTTER - 1, self._height)
        top = self._zero - round(self._look.paper.height_mm(1000) * DOTS_PER_MM)
        if top >= 0 and self._zero < self._height * 4:
            corners = ((2, self._zero), (4, self._zero), (4, top), (8, top), (8, self._zero), (10, self._zero))
            for (x0, y0), (x1, y1) in pairwise(corners):
                pulse.line(x0, y0, x1, y1, 0)
        for x, (char, owner) in enumerate(pulse.row(y)):
            if owner is not None:
                row.chars[x], row.inks[x] = char, "pulse"
        if y == 0:
            row.write(0, f"{self._lead} ", "name")
        return row

    def _write_off(self, row: Row, off: str) -> None:
        gaps = sorted(x for x in self._gaps if 0 <= x < self._end)
        for x in gaps:
            row.write(GUTTER + x, "╌", "off")
        if gaps and gaps[-1] - gaps[0] + 1 == len(gaps) > width(off) + 2:
            _write_wide(row, GUTTER + gaps[0] + 1, off, "off")


def _write_wide(row: Row, at: int, text: str, ink: str) -> None:
    """Words that may be two cells a letter: the cell behind such a letter is empty."""
    for char in text:
        row.write(at, char, ink)
        if width(char) == 2:
            row.chars[at + 1], row.inks[at + 1] = "", ink
        at += width(char)


def _beats(strip: Strip, look: Look, columns: int) -> Row:
    """A mark over each beat, and the milliseconds from it to the next where there is room."""
    row = Row([" "] * columns, ["plain"] * columns)
    row.write(0, "RR ms", "beat")
    gaps = strip.gaps(look.beats_lead) if look.beats_lead is not None and look.beats_lead in strip.leads else ()
    for one, other in pairwise(look.beats):
        if any(one < gap.first < other for gap in gaps):
            continue
        first, last = column_of(strip, look, one), column_of(strip, look, other)
        text = f"{(other - one) / strip.rate_hz * 1000:.0f}"
        at = (first + last + 1 - len(text)) // 2
        if last - first > len(text) + 2 and at > GUTTER and at + len(text) <= columns:
            row.write(at, text, "beat")
    for beat in look.beats:
        column = column_of(strip, look, beat)
        if GUTTER <= column < columns:
            row.write(column, "▼", "beat")
    return row


def _seconds(strip: Strip, look: Look, columns: int) -> Row:
    row = Row([" "] * columns, ["axis"] * columns)
    for second in range(int(strip.seconds) + 1):
        at = column_of(strip, look, round(second * strip.rate_hz))
        text = f"╵{second} s"
        if at >= GUTTER and at + len(text) <= columns:
            row.write(at, text, "axis")
    row.write(0, clip("1 mV", GUTTER), "pulse")
    return row
