"""Draws a page of the temperature chart on a sheet of paper: everything where `paper` says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from server.charts import paper
from server.charts.font import Font
from server.charts.paper import Box
from server.charts.pen import Pen
from server.charts.symbols import marks, strokes, symbol
from wardlink.clinical.temperature_chart.page import Note, Page, Row, RowCell, Symbol
from wardlink.i18n import N_, domain

_ = domain("server").gettext

NOTE_PT = 8.5
NOTE_STEP_MM = 3.6
"""From one character of a note to the next: eleven fit into the band between 40 and 42 degrees."""

_VENTILATED_PT = 12.0
"""This sign is small in every font."""

_LEGEND: tuple[tuple[Symbol, str, str], ...] = (
    ("dot", "blue", N_("oral")),
    ("cross", "blue", N_("axillary")),
    ("ring", "blue", N_("rectal")),
    ("triangle", "blue", N_("ear, forehead, other")),
    ("ring", "red", N_("30 min after cooling; heart rate")),
    ("dot", "red", N_("pulse")),
    ("paced", "red", N_("paced rhythm")),
)


@dataclass(frozen=True)
class Imprint:
    """What stands at the foot of a sheet. `is_sample`: everybody on it is invented, and it says so across."""

    printed: str
    is_sample: bool = False


def draw(pages: Sequence[Page], font: Font, imprint: Imprint) -> bytes:
    """A PDF with a sheet a page, its words in the language of this context."""
    pen = Pen(font)
    pen.named(_("Temperature chart"))
    for page in pages:
        pen.begin()
        if imprint.is_sample:
            _sample(pen)
        _title(pen, page)
        _grid(pen, page)
        _scales(pen, page)
        for row, box in (*paper.head_rows(page), *paper.bottom_rows(page)):
            _row(pen, page, row, box)
        _hours(pen, page)
        strokes(pen, page.strokes, page.marks)
        for note in page.notes:
            _note(pen, note)
        marks(pen, page.marks)
        _beyond(pen, page)
        _foot(pen, page, imprint)
    return pen.output()


def _sample(pen: Pen) -> None:
    with pen.turned(45, paper.WIDTH_MM / 2, paper.HEIGHT_MM / 2):
        box = Box(0, paper.HEIGHT_MM / 2 - 15, paper.WIDTH_MM, 30)
        pen.text(box, _("SAMPLE, NOBODY REAL"), "pale", 48)


def _title(pen: Pen, page: Page) -> None:
    wide = paper.WIDTH_MM - 2 * paper.MARGIN_MM
    pen.text(Box(paper.MARGIN_MM, paper.TITLE_Y_MM, wide, 7), _("Temperature chart"), size_pt=15)
    x, y = paper.MARGIN_MM, paper.HEADER_Y_MM
    for label, text in page.header:
        said = _("{label}: {value}").format(label=label, value=text)
        needed = min(pen.width(said, 9), wide)
        if x + needed > paper.MARGIN_MM + wide and x > paper.MARGIN_MM:
            x, y = paper.MARGIN_MM, y + paper.HEADER_LINE_MM
        pen.text(Box(x, y, needed + 0.1, paper.HEADER_LINE_MM), said, size_pt=9, align="left")
        x += needed + 6


def _grid(pen: Pen, page: Page) -> None:
    top, bottom = paper.y_mm(0), paper.grid_bottom_mm(page)
    left, right = paper.x_mm(0), paper.x_mm(page.columns)
    for column in range(page.columns + 1):
        pen.line(paper.x_mm(column), top, paper.x_mm(column), bottom, "grid", 0.1)
    per_degree = page.rows_high / (page.top_c - page.bottom_c)
    for row in range(int(page.rows_high) + 1):
        is_degree = row % per_degree == 0
        pen.line(
            left, paper.y_mm(row), right, paper.y_mm(row), "black" if is_degree else "grid", 0.2 if is_degree else 0.1
        )
    red_y = paper.y_mm(page.red_line_y)
    pen.line(left, red_y, right, red_y, "red", 0.5)
    lowest = paper.bottom_mm(page)
    for day in range(len(page.days) + 1):
        x = paper.x_mm(day * len(page.column_hours))
        is_edge = day in (0, len(page.days))
        pen.line(x, paper.HEAD_Y_MM, x, lowest, "black" if is_edge else "red", 0.3)
    pen.frame(Box(paper.MARGIN_MM, paper.HEAD_Y_MM, right - paper.MARGIN_MM, lowest - paper.HEAD_Y_MM), wide=0.4)


def _scales(pen: Pen, page: Page) -> None:
    degrees = int(page.top_c - page.bottom_c)
    half = paper.LABEL_MM / 2
    for degree in range(degrees + 1):
        y = paper.y_mm(degree * page.rows_high / degrees)
        # The first and the last one move inwards, or they would touch the rows beside the grid.
        shift = 4.5 if degree == 0 else -1.5 if degree == degrees else 0.0
        pulse = Box(paper.MARGIN_MM, y - 2 + shift, half, 4)
        temp = Box(paper.MARGIN_MM + half, y - 2 + shift, half, 4)
        pen.text(pulse, f"{page.top_pulse - degree * page.pulse_per_c:g}", "red", 8)
        pen.text(temp, f"{page.top_c - degree:g}", "blue", 8)
    top = paper.y_mm(0)
    pen.text(Box(paper.MARGIN_MM, top + 0.2, half, 3), _("pulse /min"), "red", 6)
    pen.text(Box(paper.MARGIN_MM + half, top + 0.2, half, 3), _("temp ℃"), "blue", 6)


def _row(pen: Pen, page: Page, row: Row, box: Box) -> None:
    pen.line(box.x, box.y + box.height, box.x + box.width, box.y + box.height, "black", 0.2)
    label = f"{row.label} {row.unit}".strip()
    pen.text(Box(box.x + 0.5, box.y, paper.LABEL_MM - 1, box.height), label, size_pt=7.5)
    if any(cell.columns == 1 for cell in row.cells) or row.key == "rr":
        for column in range(page.columns):
            x = paper.x_mm(column)
            pen.line(x, box.y, x, box.y + box.height, "grid", 0.1)
    for cell in row.cells:
        _cell(pen, cell, paper.cell_box(box, cell.x, cell.columns))


def _cell(pen: Pen, cell: RowCell, box: Box) -> None:
    if cell.half != "whole":
        box = Box(box.x, box.y + (box.height / 2 if cell.half == "lower" else 0), box.width, box.height / 2)
    inner = Box(box.x + 0.2, box.y, box.width - 0.4, box.height)
    pen.text(inner, cell.text, cell.colour, _VENTILATED_PT if cell.text == "®" else 7.5)


def _hours(pen: Pen, page: Page) -> None:
    box = paper.hours_box(page)
    pen.text(Box(box.x + 0.5, box.y, paper.LABEL_MM - 1, box.height), _("Hour"), size_pt=7.5)
    for column in range(page.columns):
        hour = page.column_hours[column % len(page.column_hours)]
        cell = paper.cell_box(box, column, 1)
        pen.line(cell.x, cell.y, cell.x, cell.y + cell.height, "grid", 0.1)
        pen.text(cell, f"{hour:02d}" + ("*" if column in page.revised else ""), size_pt=6.5)
    pen.line(box.x, box.y + box.height, box.x + box.width, box.y + box.height, "black", 0.2)


def _note(pen: Pen, note: Note) -> None:
    """Chinese one character below the other; other scripts turned on their side."""
    x, y = paper.x_mm(note.column), paper.y_mm(note.y)
    if note.text.isascii():
        middle = x + paper.COLUMN_MM / 2
        with pen.turned(-90, middle, y):
            pen.text(Box(middle + 0.6, y - 2, 60, 4), note.text, note.colour, NOTE_PT, "left")
        return
    for index, char in enumerate(note.text):
        box = Box(x, y + 0.3 + index * NOTE_STEP_MM, paper.COLUMN_MM, NOTE_STEP_MM)
        pen.text(box, char, note.colour, NOTE_PT)


def _beyond(pen: Pen, page: Page) -> None:
    """Numbers off the grid beside their symbols, away from notes; two at one edge stand below each other."""
    noted = {note.column for note in page.notes}
    stood: Counter[tuple[float, float]] = Counter()
    for beyond in page.beyond:
        nth = stood[beyond.x, beyond.y]
        stood[beyond.x, beyond.y] += 1
        y = paper.y_mm(beyond.y)
        y += nth * 2.8 if beyond.y == 0 else -3 - nth * 2.8
        x, column = paper.x_mm(beyond.x), int(beyond.x)
        is_left = not noted.isdisjoint((column + 1, column + 2)) or column + 2 >= page.columns
        box = Box(x - 10.6 if is_left else x + 1.6, y, 9, 3)
        pen.text(box, beyond.text, beyond.colour, 6.5, "right" if is_left else "left")


def _foot(pen: Pen, page: Page, imprint: Imprint) -> None:
    y = paper.bottom_mm(page) + 1.5
    x = paper.MARGIN_MM
    for which, ink, text in _LEGEND:
        symbol(pen, x + 1.5, y + 2, which, ink)
        x += 4 + pen.text(Box(x + 4, y, 60, 4), _(text), size_pt=7, align="left") + 5
    wide = paper.WIDTH_MM - 2 * paper.MARGIN_MM
    if page.revised:
        said = _("* revised: {n} struck out this week; they stay readable in the record.").format(n=len(page.revised))
        pen.text(Box(paper.MARGIN_MM, y + 4.5, wide, 4), said, size_pt=7, align="left")
    foot = Box(paper.MARGIN_MM, paper.FOOTER_Y_MM, wide, 4)
    pen.text(foot, _("page {n}").format(n=page.week), size_pt=9)
    pen.text(foot, imprint.printed, size_pt=7, align="right")
