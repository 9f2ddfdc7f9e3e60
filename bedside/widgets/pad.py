"""Keys for a finger, as on a telephone; in a low window in three rows, so that every key stays large."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.widget import Widget

from bedside.usecases.typed import pages_of_letters
from bedside.widgets.choices import GAP
from bedside.widgets.touch import LEAST_CELLS, LEAST_ROWS, Touch

DELETE, OTHER, TURN = "delete", "other", "turn"

_TALL = ("1", "2", "3", "4", "5", "6", "7", "8", "9", OTHER, "0", DELETE)
_LOW = ("1", "2", "3", DELETE, "4", "5", "6", "0", "7", "8", "9", OTHER)


_TALL_ROWS, _AROUND_TALL, _AROUND = 30, 16, 8
"""From so many rows on the page has room between its parts; rows that the rest of it takes, with room and without."""


@dataclass(frozen=True)
class Layout:
    """What fits: so many columns of so many rows of keys of the least size."""

    columns: int
    rows: int

    @classmethod
    def of(cls, cells: int, rows: int) -> Layout:
        """What fits into so many cells and rows."""
        return cls(max(1, min(6, (cells + GAP) // (LEAST_CELLS + GAP))), max(1, (rows + GAP) // (LEAST_ROWS + GAP)))

    @property
    def keys(self) -> int:
        """How many keys fit."""
        return self.columns * self.rows


def digit_keys(layout: Layout) -> tuple[tuple[str, ...], int]:
    """The keys of the digits, and in how many columns."""
    return (_TALL, 3) if layout.rows >= 4 else (_LOW, 4)


def letter_keys(layout: Layout, page: int) -> tuple[tuple[str, ...], int]:
    """The keys of a page of letters, with the way back to the digits, and in how many columns."""
    pages = pages_of_letters(layout.keys - 3) if layout.keys < 29 else pages_of_letters(layout.keys - 2)
    ends = (TURN, DELETE, OTHER) if len(pages) > 1 else (DELETE, OTHER)
    return (*pages[page % len(pages)], *ends), layout.columns


class Pad(Widget):
    """A grid of keys. `label` says what stands on a key that is no character. `letters`: what it begins with."""

    DEFAULT_CSS = """
    Pad { layout: grid; grid-gutter: 1 1; height: 1fr; width: 1fr; grid-rows: 1fr; }
    Pad > Touch { width: 100%; height: 100%; }
    """

    def __init__(self, label: Callable[[str], str], *, letters: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._label = label
        self._letters = letters
        self._page = 0
        self._keys: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """The keys as they will probably fit, so that the first picture of the page has them."""
        size = self.app.size
        around = _AROUND_TALL if size.height >= _TALL_ROWS else _AROUND
        self._keys, self.styles.grid_size_columns = self._fitting(Layout.of(size.width, size.height - around))
        yield from self._touches(self._keys)

    async def on_resize(self, _: events.Resize) -> None:
        """Other keys fit."""
        await self._lay()

    async def show_letters(self, letters: bool) -> None:
        """Letters, or digits."""
        self._letters, self._page = letters, 0
        await self._lay()

    async def turn(self) -> None:
        """The next letters."""
        self._page += 1
        await self._lay()

    @property
    def letters(self) -> bool:
        """Whether it shows letters now."""
        return self._letters

    def relabel(self) -> None:
        """What stands on the keys may be another now."""
        for touch in self.query(Touch):
            touch.show(self._label(touch.value.partition(":")[2]))

    async def _lay(self) -> None:
        keys, columns = self._fitting(Layout.of(self.size.width, self.size.height))
        self.styles.grid_size_columns = columns
        if keys == self._keys:
            return
        focused = next((touch.value for touch in self.query(Touch) if touch.has_focus), None)
        self._keys = keys
        await self.remove_children()
        await self.mount_all(self._touches(keys))
        # None, where the page was built anew meanwhile and took these keys down.
        found = list(self.query(Touch))
        again = next((touch for touch in found if touch.value == focused), next(iter(found), None))
        if focused is not None and again is not None:
            again.focus(scroll_visible=False)

    def _fitting(self, layout: Layout) -> tuple[tuple[str, ...], int]:
        return letter_keys(layout, self._page) if self._letters else digit_keys(layout)

    def _touches(self, keys: Sequence[str]) -> list[Touch]:
        return [Touch(self._label(key), f"key:{key}", repeats=True) for key in keys]
