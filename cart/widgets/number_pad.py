"""Keys for a finger. Never takes the focus: what is pressed goes to the field that has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from wardlink.terminal.cells import fit

KEY_CELLS = 7
KEY_ROWS = 3


class NumberPad(Widget):
    """Rows of three keys, each seven cells wide and three rows high with a gap between."""

    DEFAULT_CSS = """
    NumberPad { width: 23; height: auto; }
    NumberPad > .number-pad--key { background: #2b3d4f; color: #ffffff; text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"number-pad--key"}

    class Pressed(Message):
        """A finger pressed a key."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, *, keys: str = "123456789.0⌫", rows: int = KEY_ROWS, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines = [keys[at : at + 3] for at in range(0, len(keys), 3)]
        self._rows = rows

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """All rows of keys, and the gaps between them."""
        return len(self._lines) * (self._rows + 1) - 1

    def render_line(self, y: int) -> Strip:
        """One row of cells."""
        line, part = divmod(y, self._rows + 1)
        base = self.rich_style
        if line >= len(self._lines) or part == self._rows:
            return Strip.blank(self.size.width, base)
        return Strip(self._row(self._lines[line], part == self._rows // 2)).adjust_cell_length(self.size.width, base)

    def _row(self, keys: str, is_words: bool) -> Iterator[Segment]:
        ink = self.get_component_rich_style("number-pad--key")
        for key in keys:
            yield Segment(fit(key if is_words else "", KEY_CELLS, "centre"), ink)
            yield Segment(" ", self.rich_style)

    def on_click(self, event: events.Click) -> None:
        """Tell which key lies under the finger."""
        event.stop()
        line, part = divmod(event.y, self._rows + 1)
        column, gap = divmod(event.x, KEY_CELLS + 1)
        if part < self._rows and gap < KEY_CELLS and line < len(self._lines) and column < len(self._lines[line]):
            self.post_message(self.Pressed(self._lines[line][column]))


def type_into(field: Input, key: str, *, enter: Callable[[], None]) -> None:
    """What a key of the pad does to a field."""
    if key == "⏎":
        enter()
    elif key == "⌫":
        field.action_delete_left()
    else:
        field.insert_text_at_cursor(key)
