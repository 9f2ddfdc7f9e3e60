"""Draws labels into a PDF, one a page, in their real size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import floor

from fpdf import FPDF

from server.charts.font import Font
from server.labels.label import SYMBOLOGIES, Label, Line, Symbology
from server.labels.modules import modules_of
from wardlink.i18n import domain

_ = domain("server").gettext

LEAST_MODULE_MM = 0.25
"""Ward scanners read nothing finer for certain; a code that would be finer is not printed."""

_DOT_MM = 0.125
"""Of a printer with 203 dots to the inch."""
_EDGE_MM = 2.0
_FRAME_MM = 1.0
_QUIET = {"qr": 4, "datamatrix": 2, "code128": 10}
"""Modules that stay white around a code. Source: ISO/IEC 18004, 16022 and 15417."""
_BARS_MM = 12.0
_SQUARE_MM = 30.0
_LARGEST_MM = {"wristbands": 21.0, "bags": 32.0, "drugs": 15.0, "beds": 30.0, "badges": 80.0, "trays": 26.0}
_MM_PER_PT = 0.3528
_LEAST_PT = 4.0
_LARGER = 1.5
"""Where there is room, text is larger by so much."""
_RED = (190, 0, 0)


def document(labels: Iterable[Label], font: Font, *, is_sample: bool) -> bytes:
    """The PDF. `is_sample`: every label says so in red.

    Raises:
        ValueError: a code does not fit its label with modules that a scanner can read.
    """
    pdf = FPDF(unit="mm")
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.set_title(_("Wardlink labels"))
    pdf.add_font("label", fname=font.path, collection_font_number=font.number)
    for label in labels:
        pdf.add_page(format=(label.size.width_mm, label.size.height_mm))
        _draw(pdf, label, is_sample=is_sample)
    return bytes(pdf.output())


def _draw(pdf: FPDF, label: Label, *, is_sample: bool) -> None:
    size, symbology = label.size, SYMBOLOGIES[label.kind]
    rows, module_mm = _fitted(label, symbology)
    if module_mm < LEAST_MODULE_MM and symbology == "code128":
        # Longer than a card is wide: a square holds it.
        symbology = "qr"
        rows, module_mm = _fitted(label, symbology)
    if module_mm < LEAST_MODULE_MM:
        raise ValueError(f"a module of {module_mm:.2f} mm is too fine")
    quiet = _QUIET[symbology]
    width_mm = (len(rows[0]) + 2 * quiet) * module_mm
    if symbology == "code128":
        left, top = _on_dot((size.width_mm - width_mm) / 2), size.height_mm - _EDGE_MM - _BARS_MM
        _bars(pdf, rows[0], left + quiet * module_mm, top, module_mm)
        text = (_EDGE_MM, _EDGE_MM, size.width_mm - 2 * _EDGE_MM, top - _EDGE_MM)
    else:
        top = _on_dot((size.height_mm - len(rows) * module_mm) / 2)
        _squares(pdf, rows, _FRAME_MM + quiet * module_mm, top, module_mm)
        begin = _FRAME_MM + width_mm
        text = (begin, _EDGE_MM, size.width_mm - begin - _EDGE_MM, size.height_mm - _EDGE_MM)
    lines = label.lines + ((Line(_("SAMPLE DATA"), 6, is_red=True),) if is_sample else ())
    _write(pdf, lines, *text)
    if label.is_alert:
        pdf.set_draw_color(*_RED)
        pdf.set_line_width(_FRAME_MM)
        half = _FRAME_MM / 2
        pdf.rect(half, half, size.width_mm - _FRAME_MM, size.height_mm - _FRAME_MM)


def _fitted(label: Label, symbology: Symbology) -> tuple[list[list[bool]], float]:
    """The modules of the code, and how wide each is: a whole number of dots, or the printer rounds each in its way."""
    rows = modules_of(label.code, symbology)
    side_mm = _LARGEST_MM[label.kind] if symbology == SYMBOLOGIES[label.kind] else _SQUARE_MM
    return rows, floor(side_mm / (len(rows[0]) + 2 * _QUIET[symbology]) / _DOT_MM) * _DOT_MM


def _on_dot(mm: float) -> float:
    return floor(mm / _DOT_MM) * _DOT_MM


def _squares(pdf: FPDF, rows: list[list[bool]], left: float, top: float, module_mm: float) -> None:
    pdf.set_fill_color(0)
    for number, row in enumerate(rows):
        for start, length in _runs(row):
            # A hair higher than a module: no white line between two rows.
            at = top + number * module_mm
            pdf.rect(left + start * module_mm, at, length * module_mm, module_mm * 1.02, style="F")


def _bars(pdf: FPDF, row: list[bool], left: float, top: float, module_mm: float) -> None:
    pdf.set_fill_color(0)
    for start, length in _runs(row):
        pdf.rect(left + start * module_mm, top, length * module_mm, _BARS_MM, style="F")


def _runs(row: list[bool]) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(row):
        if not row[start]:
            start += 1
            continue
        end = start
        while end < len(row) and row[end]:
            end += 1
        yield start, end - start
        start = end


def _write(pdf: FPDF, lines: tuple[Line, ...], left: float, top: float, width_mm: float, bottom: float) -> None:
    wanted = sum(line.size_pt for line in lines) * _MM_PER_PT * 1.25
    scale = min(_LARGER, (bottom - top) / wanted)
    at = top
    for line in lines:
        size_pt = line.size_pt * scale
        pdf.set_font("label", size=size_pt)
        broad = pdf.get_string_width(line.text)
        if broad > width_mm:
            size_pt = max(_LEAST_PT, size_pt * width_mm / broad * 0.99)
            pdf.set_font("label", size=size_pt)
        text = line.text
        while len(text) > 1 and pdf.get_string_width(text) > width_mm:
            text = text.removesuffix("…")[:-1] + "…"
        at += line.size_pt * scale * _MM_PER_PT * 1.25
        pdf.set_text_color(*(_RED if line.is_red else (0, 0, 0)))
        pdf.text(left, at - size_pt * _MM_PER_PT * 0.3, text)
