"""The top of every page: where this is and whose, and what day and time it is."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from bedside.widgets.lines import wrapped
from wardlink.terminal.cells import clip, width

SEPARATOR = "  "


class Header(Widget):
    """`parts` on the left, `end` on the right; on a narrow screen the parts go on in the next lines, whole."""

    DEFAULT_CSS = "Header { height: auto; background: $head; color: $ink; text-style: bold; padding: 0 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._parts: tuple[str, ...] = ()
        self._end = ""

    def show(self, parts: Sequence[str], end: str) -> None:
        """Say this from now on."""
        if (tuple(parts), end) != (self._parts, self._end):
            self._parts, self._end = tuple(parts), end
            self.refresh(layout=True)

    def shown_lines(self, cells: int) -> list[str]:
        """The words as they fit: in one line if they can be."""
        left = SEPARATOR.join(self._parts)
        room = cells - width(left) - width(self._end)
        if room >= 2:
            return [left + " " * room + self._end]
        first, rest = self._parts[:1], self._parts[1:]
        head = SEPARATOR.join(first)
        room = max(1, cells - width(head) - width(self._end))
        lines = [clip(head + " " * room + self._end, cells)]
        line = ""
        for part in rest:
            longer = f"{line}{SEPARATOR}{part}" if line else part
            if width(longer) > cells and line:
                lines.append(line)
                line = part
            else:
                line = longer
        return [*lines, *(wrapped(line, cells) if line else [])]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A row for each line."""
        return len(self.shown_lines(width))

    def render(self) -> Content:
        """The lines."""
        return Content("\n".join(self.shown_lines(self.size.width)))
