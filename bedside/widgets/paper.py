"""A sheet that is written on: shows the end of what was written, with a mark where it goes on."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from bedside.widgets.lines import wrapped
from wardlink.terminal.cells import fit, plain

_CURSOR = "▏"


class Paper(Widget):
    """What it shows is set from outside. Plain text: nothing typed is taken for markup."""

    DEFAULT_CSS = """
    Paper { height: 1fr; width: 1fr; min-height: 3; }
    Paper > .paper--sheet { background: $card; color: $ink; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"paper--sheet"}

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._text = ""

    def show(self, text: str) -> None:
        """Show this from now on."""
        if text != self._text:
            self._text = text
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One row: of more rows than there is room for, the last ones."""
        size = self.size
        cells = max(1, size.width - 2)
        lines = wrapped(plain(self._text) + _CURSOR, cells)[-size.height :]
        text = fit(f" {lines[y]}" if y < len(lines) else "", size.width)
        return Strip([Segment(text, self.get_component_rich_style("paper--sheet"))], size.width)
