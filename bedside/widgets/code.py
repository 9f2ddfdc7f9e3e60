"""A QR code in half blocks: two rows of it in one row of cells, black on white whatever the theme."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from bedside.themes import CODE_GROUND, CODE_INK

_INK = Style(color=CODE_INK, bgcolor=CODE_GROUND)
_QUIET = (4, 2, 1)
"""Light modules around a code: four as the standard asks for, fewer where there is no room, as on a light page."""
_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def half_blocks(rows: Sequence[Sequence[bool]]) -> list[str]:
    """Lines of characters for these modules, True where it is dark."""
    even = [*rows, [False] * len(rows[0])] if len(rows) % 2 else list(rows)
    return [
        "".join(_BLOCKS[top, below] for top, below in zip(even[at], even[at + 1], strict=True))
        for at in range(0, len(even), 2)
    ]


def modules_of(text: str, quiet: int = 2) -> list[list[bool]]:
    """The dark and light modules of a QR code, with `quiet` light ones around it."""
    import segno

    return [[bool(cell) for cell in row] for row in segno.make_qr(text, error="l").matrix_iter(border=quiet)]


class Code(Widget):
    """Shows a code, or nothing. It is as large as its code; where that does not fit, `fits` says so."""

    DEFAULT_CSS = "Code { width: auto; height: auto; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._text = ""
        self._quiet = 2
        self._lines: list[str] = []

    @property
    def text(self) -> str:
        """What the code says."""
        return self._text

    def show(self, text: str) -> None:
        """Show this code from now on."""
        if text != self._text:
            self._text = text
            self._draw()

    def fit(self, room: Size) -> None:
        """Leave as much light around it as this room allows."""
        for quiet in _QUIET:
            if quiet != self._quiet:
                self._quiet = quiet
                self._draw()
            if self.fits(room):
                return

    def _draw(self) -> None:
        self._lines = half_blocks(modules_of(self._text, self._quiet)) if self._text else []
        self.refresh(layout=True)

    def fits(self, room: Size) -> bool:
        """Whether all of it is seen in this room: a part of a code is no code."""
        return len(self._lines) <= room.height and (not self._lines or len(self._lines[0]) <= room.width)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """A cell for each module."""
        return len(self._lines[0]) if self._lines else 0

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A row for two rows of modules."""
        return len(self._lines)

    def render_line(self, y: int) -> Strip:
        """One row."""
        return Strip([Segment(self._lines[y], _INK)]) if y < len(self._lines) else Strip([])
