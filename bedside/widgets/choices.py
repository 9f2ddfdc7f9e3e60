"""Up to six large fields in rows, each as wide as its neighbours, with a gap between."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.widget import Widget

from bedside.widgets.touch import LEAST_CELLS, LEAST_ROWS, Touch

GAP = 1


class Choices(Widget):
    """A grid of `Touch`. `most`: columns that it never has more of, however wide the screen."""

    DEFAULT_CSS = """
    Choices { layout: grid; grid-gutter: 1 1; height: 1fr; width: 1fr; grid-rows: 1fr; keyline: none; }
    Choices > Touch { width: 100%; height: 100%; }
    """

    def __init__(
        self, touches: Sequence[Touch], *, most: int = 3, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(*touches, id=id, classes=classes)
        self._most = most

    def on_mount(self) -> None:
        """Fit."""
        self._fit()

    def on_resize(self, _: events.Resize) -> None:
        """Fit anew."""
        self._fit()

    async def replace(self, touches: Sequence[Touch]) -> None:
        """Show these instead; the focus goes to the first if it was on one that is gone."""
        had_focus = any(touch.has_focus for touch in self.query(Touch))
        await self.remove_children()
        await self.mount_all(touches)
        self._fit()
        if had_focus and touches:
            # Now, and not by a message that may come after the page has given the focus to another field.
            self.screen.set_focus(touches[0], scroll_visible=False)

    def refit(self) -> None:
        """Some of the fields are shown or hidden now."""
        self._fit()

    def _fit(self) -> None:
        shown = sum(1 for child in self.children if child.display)
        self.styles.grid_size_columns = columns_for(shown, self.size.width, self.size.height, self._most)


MOST = 6
"""Choices on a page."""


def some_of(touches: Sequence[Touch], turned: int, more: str) -> list[Touch]:
    """Six of them; of more, five and a field that is called `more` and turns on. `turned`: how often it was touched."""
    if len(touches) <= MOST:
        return list(touches)
    pages = -(-len(touches) // (MOST - 1))
    at = turned % pages
    shown = touches[at * (MOST - 1) : (at + 1) * (MOST - 1)]
    return [*shown, Touch(more, "more", notes=[f"{at + 1}/{pages}"], kind="quiet", id="more-choices")]


def columns_for(count: int, cells: int, rows: int, most: int) -> int:
    """How many columns `count` fields make: as few rows as fields of the least size allow, evenly filled."""
    fit = max(1, min(most, (cells + GAP) // (LEAST_CELLS + GAP)))
    lines = -(-count // fit) if count else 1
    even = -(-count // lines) if count else 1
    return max(1, even) if lines * (LEAST_ROWS + GAP) - GAP <= max(rows, LEAST_ROWS) else fit
