"""Lines of text that change with every key: painted again only when they say something else."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from wardlink.terminal.cells import width


class Lines(Static):
    """A text in styles. The page is laid out anew only when the text needs another number of rows."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._said: Content | None = None
        self._rows = 0

    def say(self, content: Content) -> None:
        """Show this from now on."""
        if self._said is not None and content.is_same(self._said):
            return
        rows = self._rows_of(content)
        self.update(content, layout=rows != self._rows)
        self._said, self._rows = content, rows

    def _rows_of(self, content: Content) -> int:
        # Wrapping at words may need a row more than this counts; then it does so before and after the change.
        room = max(1, self.content_size.width)
        return sum(max(1, -(-width(line) // room)) for line in content.plain.split("\n"))
