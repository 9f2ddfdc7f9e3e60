"""Words to read, broken into lines by cells, never taken for markup."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from bedside.widgets.lines import packed, wrapped


class Words(Widget):
    """A text, or parts with `separator` between them that stay whole. It is as high as its words need."""

    DEFAULT_CSS = "Words { height: auto; width: 1fr; }"

    def __init__(
        self,
        text: str | Sequence[str] = "",
        *,
        separator: str = "  ",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._text = text
        self._separator = separator

    @property
    def text(self) -> str:
        """What it says."""
        return self._text if isinstance(self._text, str) else self._separator.join(self._text)

    def show(self, text: str | Sequence[str]) -> None:
        """Say this from now on."""
        if text != self._text:
            self._text = text
            self.refresh(layout=True)

    def shown_lines(self, cells: int) -> list[str]:
        """The words in lines of so many cells."""
        if not self._text:
            return []
        return wrapped(self._text, cells) if isinstance(self._text, str) else packed(self._text, cells, self._separator)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A row for each line."""
        return len(self.shown_lines(width))

    def render(self) -> Content:
        """The lines."""
        return Content("\n".join(self.shown_lines(self.size.width)))
