"""A page of the chart as primitives in grid units; `layout` makes it, screens and printers only scale it.

`x` counts columns from the left edge of the grid: the middle of column 0 is 0.5, the right edge of day 1 is 6.
`y` counts small squares from the line of the highest temperature downwards: 42 degrees is 0, 37 is 25, 34 is 40.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

DAYS = 7

Colour = Literal["blue", "red", "black"]
Symbol = Literal["dot", "cross", "ring", "triangle", "ring-around", "paced"]
Series = Literal["temp", "pulse", "hr", "after-cooling"]
LineStyle = Literal["solid", "dashed", "hatch"]
Half = Literal["upper", "lower", "whole"]


@dataclass(frozen=True)
class Mark:
    """A symbol at a value. `value` is what was measured, also where the mark lies on the edge instead."""

    x: float
    y: float
    symbol: Symbol
    colour: Colour
    series: Series
    value: float


@dataclass(frozen=True)
class Stroke:
    """A straight line."""

    x0: float
    y0: float
    x1: float
    y1: float
    colour: Colour
    style: LineStyle
    series: Series


@dataclass(frozen=True)
class Note:
    """Words in a column, one character below the other, from `y` downwards."""

    column: int
    y: float
    text: str
    colour: Colour


@dataclass(frozen=True)
class Beyond:
    """A value off the grid, at its edge: an arrow and the number."""

    x: float
    y: float
    text: str
    colour: Colour


@dataclass(frozen=True)
class RowCell:
    """Text in a row below or above the grid, from `x` on, `columns` wide."""

    x: float
    columns: float
    text: str
    colour: Colour = "black"
    half: Half = "whole"


@dataclass(frozen=True)
class Row:
    """One row of the head or of the bottom block. `label` and `unit` stand before it."""

    key: str
    label: str
    cells: tuple[RowCell, ...]
    unit: str = ""


@dataclass(frozen=True)
class Page:
    """One week. `week` counts from 1; `weeks`: how many pages the stay has so far.

    `top_pulse` lies on the line of `top_c`, and `pulse_per_c` beats lower the line of a degree less.
    `revised`: the column of each set that was struck out and is not drawn. `known_since`: what was measured on this
    page before that day is not known here; `flows_known_since`: the same of intake and output.
    """

    week: int
    weeks: int
    days: tuple[date, ...]
    column_hours: tuple[int, ...]
    top_c: float
    bottom_c: float
    rows_high: float
    red_line_y: float
    top_pulse: float
    pulse_per_c: float
    header: tuple[tuple[str, str], ...]
    head: tuple[Row, ...]
    marks: tuple[Mark, ...]
    strokes: tuple[Stroke, ...]
    notes: tuple[Note, ...]
    beyond: tuple[Beyond, ...]
    bottom: tuple[Row, ...]
    revised: tuple[int, ...] = ()
    known_since: date | None = None
    flows_known_since: date | None = None

    @property
    def columns(self) -> int:
        """How many columns the grid has."""
        return DAYS * len(self.column_hours)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was measured in this week."""
        return not self.marks and not any(row.cells for row in self.bottom)
