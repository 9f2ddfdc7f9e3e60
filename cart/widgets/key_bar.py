"""The keys of the screen along its bottom; each is a button for a finger too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.geometry import Size

from cart.keys import Key
from cart.widgets.buttons import Button, Buttons


class KeyBar(Buttons):
    """Shows every key, in the order of the table; in a second row where one is too short."""

    DEFAULT_CSS = """
    KeyBar { dock: bottom; height: auto; background: #18222c; }
    """

    def __init__(self, keys: Sequence[Key]) -> None:
        self._keys = tuple(key for key in keys if key.label is not None)
        super().__init__(self._with_counts({}))

    def count(self, waiting: Mapping[str, int]) -> None:
        """Show behind a key how many things wait there; `waiting`: by action."""
        before = self.rows_in(self.size.width)
        self.show(self._with_counts(waiting))
        if self.rows_in(self.size.width) != before:
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A row for the keyboard; on a tall screen high enough for a finger."""
        rows = self.rows_in(width)
        return rows * (3 if rows == 1 else 2) if self.screen.has_class("-tall") else rows

    def _with_counts(self, waiting: Mapping[str, int]) -> list[Button]:
        return [Button(key.shown, _counted(key, waiting), key.action) for key in self._keys]


def _counted(key: Key, waiting: Mapping[str, int]) -> str:
    n = waiting.get(key.action, 0)
    return f"{key.label_text()}({n})" if n else key.label_text()
