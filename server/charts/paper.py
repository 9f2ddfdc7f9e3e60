"""Where each part of a page of the temperature chart lies on a sheet of A4, in millimetres. Pure.

A column is 4 mm wide and a small square 4 mm high, so that a tenth of a degree is 2 mm.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wardlink.clinical.temperature_chart.page import Page, Row

WIDTH_MM, HEIGHT_MM = 210.0, 297.0
MARGIN_MM = 10.0
LABEL_MM = 22.0
COLUMN_MM = 4.0
SQUARE_MM = 4.0

TITLE_Y_MM = 9.0
HEADER_Y_MM = 17.0
HEADER_LINE_MM = 5.0
HEAD_Y_MM = 28.0
ROW_MM = 5.0
BREATHS_MM = 8.0

GRID_X_MM = MARGIN_MM + LABEL_MM
HEAD_ROWS = 4
"""Dates, days in hospital, days after an operation, and the hours of the columns."""

GRID_Y_MM = HEAD_Y_MM + HEAD_ROWS * ROW_MM
FOOTER_Y_MM = HEIGHT_MM - 10.0

ONLY_IF_FILLED = frozenset({"girth", "risk"})
"""Rows that the sheet has only when something stands in them."""


@dataclass(frozen=True)
class Box:
    """A rectangle: its upper left corner, width and height."""

    x: float
    y: float
    width: float
    height: float


def x_mm(x: float) -> float:
    """From the left edge of the sheet, of so many columns from the left edge of the grid."""
    return GRID_X_MM + x * COLUMN_MM


def y_mm(y: float) -> float:
    """From the top of the sheet, of so many small squares below the top line of the grid."""
    return GRID_Y_MM + y * SQUARE_MM


def grid_bottom_mm(page: Page) -> float:
    """The lowest line of the grid."""
    return y_mm(page.rows_high)


def head_rows(page: Page) -> Iterator[tuple[Row, Box]]:
    """The rows above the grid, without that of the hours, which is the last one."""
    for index, row in enumerate(page.head):
        yield row, Box(MARGIN_MM, HEAD_Y_MM + index * ROW_MM, _wide(page), ROW_MM)


def hours_box(page: Page) -> Box:
    """The row of the hours, just above the grid."""
    return Box(MARGIN_MM, GRID_Y_MM - ROW_MM, _wide(page), ROW_MM)


def bottom_rows(page: Page) -> Iterator[tuple[Row, Box]]:
    """The rows below the grid; that of respiration is higher, because its numbers stand in two halves."""
    y = grid_bottom_mm(page)
    for row in page.bottom:
        if row.key in ONLY_IF_FILLED and not row.cells:
            continue
        high = BREATHS_MM if row.key == "rr" else ROW_MM
        yield row, Box(MARGIN_MM, y, _wide(page), high)
        y += high


def bottom_mm(page: Page) -> float:
    """The lowest line of the bottom block."""
    return max((box.y + box.height for _row, box in bottom_rows(page)), default=grid_bottom_mm(page))


def cell_box(row: Box, x: float, columns: float) -> Box:
    """The part of a row that lies below or above these columns."""
    return Box(x_mm(x), row.y, columns * COLUMN_MM, row.height)


def _wide(page: Page) -> float:
    return LABEL_MM + page.columns * COLUMN_MM
