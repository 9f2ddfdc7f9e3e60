"""Draws on a sheet in millimetres: lines, circles, and text that never leaves its box."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

from fpdf import FPDF
from fpdf.enums import RenderStyle

from server.charts.font import Font
from server.charts.paper import Box

INKS: Mapping[str, tuple[int, int, int]] = {
    "black": (0, 0, 0),
    "red": (200, 0, 0),
    "blue": (0, 40, 180),
    "grid": (170, 175, 180),
    "pale": (225, 225, 225),
}

MM_PER_PT = 0.3528

LACKING = "〓"
"""Printers' mark for a character that the font does not have."""
_LEAST_PT = 3.0
_NAME = "chart"


class Pen:
    """A document of sheets of A4 with one font."""

    def __init__(self, font: Font) -> None:
        self._pdf = FPDF(orientation="portrait", unit="mm", format="A4")
        self._pdf.set_auto_page_break(False)
        self._pdf.set_margin(0)
        self._pdf.add_font(_NAME, fname=font.path, collection_font_number=font.number)
        self._known: Collection[int] = self._pdf.fonts[_NAME].cmap  # type: ignore[union-attr]

    def begin(self) -> None:
        """A new sheet."""
        self._pdf.add_page()

    def named(self, title: str) -> None:
        """What a reader shows as the name of the document."""
        self._pdf.set_title(title)
        self._pdf.set_creator("Wardlink")

    def output(self) -> bytes:
        """The document."""
        return bytes(self._pdf.output())

    def line(self, x0: float, y0: float, x1: float, y1: float, ink: str, wide: float = 0.2, dash: float = 0) -> None:
        """A straight line; `dash`: the length of its parts, 0 for one that is whole."""
        self._draw(ink, wide)
        if dash:
            self._pdf.set_dash_pattern(dash=dash, gap=dash * 0.7)
        self._pdf.line(x0, y0, x1, y1)
        if dash:
            self._pdf.set_dash_pattern()

    def frame(self, box: Box, ink: str = "black", wide: float = 0.2) -> None:
        """The edges of a box."""
        self._draw(ink, wide)
        self._pdf.rect(box.x, box.y, box.width, box.height)

    def circle(self, x: float, y: float, radius: float, ink: str, *, solid: bool = False, wide: float = 0.3) -> None:
        """A ring, or a dot."""
        self._draw(ink, wide)
        self._pdf.set_fill_color(*INKS[ink])
        self._pdf.circle(x, y, radius, style=RenderStyle.F if solid else RenderStyle.D)

    def polygon(self, points: list[tuple[float, float]], ink: str, wide: float = 0.3) -> None:
        """The edges of a figure."""
        self._draw(ink, wide)
        self._pdf.polygon(points)

    def text(self, box: Box, text: str, ink: str = "black", size_pt: float = 8, align: str = "centre") -> float:
        """Text in the middle of a box or at its left or right; made smaller until it fits. Its width in mm."""
        text = self._writable(text)
        self._pdf.set_font(_NAME, size=size_pt)
        wide = self._pdf.get_string_width(text)
        if wide > box.width:
            size_pt = max(_LEAST_PT, size_pt * box.width / wide)
            self._pdf.set_font(_NAME, size=size_pt)
            wide = self._pdf.get_string_width(text)
        x = {"left": box.x, "right": box.x + box.width - wide}.get(align, box.x + (box.width - wide) / 2)
        self._pdf.set_text_color(*INKS[ink])
        self._pdf.text(x, box.y + box.height / 2 + size_pt * MM_PER_PT * 0.36, text)
        return wide

    def width(self, text: str, size_pt: float) -> float:
        """How wide a text is in mm."""
        self._pdf.set_font(_NAME, size=size_pt)
        return float(self._pdf.get_string_width(self._writable(text)))

    @contextmanager
    def turned(self, angle: float, x: float, y: float) -> Iterator[None]:
        """Everything drawn meanwhile is turned about this point, in degrees against the clock."""
        with self._pdf.rotation(angle, x, y):
            yield

    def _writable(self, text: str) -> str:
        # The library would draw a box, and write the character of a name into the log.
        return "".join(char if ord(char) in self._known else LACKING for char in text)

    def _draw(self, ink: str, wide: float) -> None:
        self._pdf.set_draw_color(*INKS[ink])
        self._pdf.set_line_width(wide)
