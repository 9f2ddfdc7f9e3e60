"""The temperature chart on the screen: a week, a chosen column, and lines that scroll under the dates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from cart.widgets.chart_cells import GUTTER, Line, Sheet, dots_for, sheet
from wardlink.clinical.temperature_chart.page import Page

INKS = ("grid", "hatch", "red-line", "red", "blue", "both", "dim", "plain")


class TemperatureChart(Widget, can_focus=True):
    """Give it a page with `show`. A tap chooses a column; the wheel scrolls."""

    DEFAULT_CSS = """
    TemperatureChart { height: 1fr; width: 1fr; background: $background; }
    TemperatureChart > .chart--grid { color: #46586a; }
    TemperatureChart > .chart--hatch { color: #a04848; }
    TemperatureChart > .chart--red-line { color: #b04444; }
    TemperatureChart > .chart--red { color: #ff8076; }
    TemperatureChart > .chart--blue { color: #6fb8ff; }
    TemperatureChart > .chart--both { color: #e0a0ff; text-style: bold; }
    TemperatureChart > .chart--dim { color: #9fb4c4; }
    TemperatureChart > .chart--plain { color: $foreground; }
    TemperatureChart > .chart--cursor { background: #1c3a52; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"chart--cursor", *(f"chart--{ink}" for ink in INKS)}

    class Tapped(Message):
        """A finger chose a column."""

        def __init__(self, column: int) -> None:
            super().__init__()
            self.column = column

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._page: Page | None = None
        self._column = 0
        self._more: tuple[Line, ...] = ()
        self._sheet: Sheet | None = None
        self.top = 0

    def show(self, page: Page, column: int, more: Sequence[Line] = ()) -> None:
        """Draw this page with the cursor on a column; `more`: lines below everything else."""
        if (page, column, tuple(more)) != (self._page, self._column, self._more):
            self._page, self._column, self._more = page, column, tuple(more)
            self._draw()

    def scroll_lines(self, by: int) -> None:
        """Move the lines below the dates up or down."""
        most = max(0, self._height - self.size.height)
        top = max(0, min(self.top + by, most))
        if top != self.top:
            self.top = top
            self.refresh()

    @property
    def hidden_below(self) -> int:
        """So many lines lie below the edge."""
        return max(0, self._height - self.size.height - self.top)

    @property
    def _height(self) -> int:
        return len(self._sheet.lines) + len(self._more) if self._sheet is not None else 0

    def _draw(self) -> None:
        if self._page is not None and self.size.width:
            self._sheet = sheet(self._page, dots_for(self._page.columns, self.size.width))
            self.scroll_lines(0)
        self.refresh()

    def on_resize(self, _: events.Resize) -> None:
        """Columns are as wide as there is room."""
        self._draw()

    def notify_style_update(self) -> None:
        """Inks may have changed."""
        super().notify_style_update()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The first line of dates stays; the others scroll."""
        base = self.rich_style
        found = self._sheet
        index = y if y == 0 else y + self.top
        if found is None or index >= self._height:
            return Strip.blank(self.size.width, base)
        is_more = index >= len(found.lines)
        line = self._more[index - len(found.lines)] if is_more else found.lines[index]
        first, after = (-1, -1) if is_more else found.cells_of(self._column)
        inks = {name: base + self.get_component_rich_style(f"chart--{name}", partial=True) for name in INKS}
        cursor = self.get_component_rich_style("chart--cursor", partial=True)
        return Strip(_segments(line, inks, cursor, range(first, after))).adjust_cell_length(self.size.width, base)

    def on_click(self, event: events.Click) -> None:
        """Tell which column lies under the finger."""
        if self._page is None or self._sheet is None or event.x < GUTTER:
            return
        column = (event.x - GUTTER) * 2 // self._sheet.dots
        if column < self._page.columns:
            self.post_message(self.Tapped(column))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves three lines."""
        event.stop()
        self.scroll_lines(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves three lines."""
        event.stop()
        self.scroll_lines(-3)


def _segments(line: Line, inks: dict[str, Style], cursor: Style, chosen: range) -> list[Segment]:
    """Cells of one style together."""
    found: list[Segment] = []
    run, style = "", None
    for at, (char, ink) in enumerate(line.cells):
        here = inks[ink] + cursor if at in chosen else inks[ink]
        if here != style and run:
            found.append(Segment(run, style))
            run = ""
        run, style = run + char, here
    return [*found, Segment(run, style)]
