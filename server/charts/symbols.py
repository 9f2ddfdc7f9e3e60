"""The symbols of the temperature chart, and the lines between them, on paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from server.charts.paper import Box, x_mm, y_mm
from server.charts.pen import Pen
from wardlink.clinical.temperature_chart.page import Mark, Stroke, Symbol

DOT_MM = 0.85
INNER_MM = 0.5
RING_MM = 0.95
AROUND_MM = 1.45
ARM_MM = 0.9

_ORDER = {"temp": 0, "after-cooling": 1, "hr": 2, "pulse": 3}
_OPEN: Mapping[Symbol, float] = {"ring": RING_MM, "ring-around": AROUND_MM}


def symbol(pen: Pen, x: float, y: float, which: Symbol, ink: str) -> None:
    """One symbol with its middle at this place in mm."""
    if which == "dot":
        pen.circle(x, y, DOT_MM, ink, solid=True)
    elif which in _OPEN:
        pen.circle(x, y, _OPEN[which], ink)
    elif which == "cross":
        pen.line(x - ARM_MM, y - ARM_MM, x + ARM_MM, y + ARM_MM, ink, 0.35)
        pen.line(x - ARM_MM, y + ARM_MM, x + ARM_MM, y - ARM_MM, ink, 0.35)
    elif which == "triangle":
        pen.polygon([(x, y - 1.1), (x + 1.05, y + 0.8), (x - 1.05, y + 0.8)], ink)
    else:
        pen.text(Box(x - 2, y - 2, 4, 4), "H", ink, 7.5)


def marks(pen: Pen, found: Iterable[Mark]) -> None:
    """All symbols of a page: rings before the dots, which are smaller where they lie in one."""
    drawn = sorted(found, key=lambda mark: _ORDER[mark.series])
    rings = {(mark.x, mark.y) for mark in drawn if mark.symbol == "ring"}
    for mark in drawn:
        if mark.symbol == "dot" and (mark.x, mark.y) in rings:
            pen.circle(x_mm(mark.x), y_mm(mark.y), INNER_MM, mark.colour, solid=True)
            continue
        symbol(pen, x_mm(mark.x), y_mm(mark.y), mark.symbol, mark.colour)


def strokes(pen: Pen, found: Iterable[Stroke], symbols: Iterable[Mark]) -> None:
    """All lines of a page, hatching first; a line ends at the edge of an open symbol, and does not cross it."""
    rings = {(mark.series, mark.x, mark.y): _OPEN.get(mark.symbol, 0.0) for mark in symbols}
    for stroke in sorted(found, key=lambda stroke: stroke.style != "hatch"):
        x0, y0, x1, y1 = x_mm(stroke.x0), y_mm(stroke.y0), x_mm(stroke.x1), y_mm(stroke.y1)
        if stroke.style == "hatch":
            pen.line(x0, y0, x1, y1, stroke.colour, 0.12)
            continue
        begin = rings.get((stroke.series, stroke.x0, stroke.y0), 0.0)
        end = rings.get((stroke.series, stroke.x1, stroke.y1), 0.0)
        long = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        if long <= begin + end:
            continue
        dx, dy = (x1 - x0) / long, (y1 - y0) / long
        dash = 0.9 if stroke.style == "dashed" else 0.0
        pen.line(x0 + dx * begin, y0 + dy * begin, x1 - dx * end, y1 - dy * end, stroke.colour, 0.25, dash)
