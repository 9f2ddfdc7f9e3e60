"""A table of rows on cells: one row is chosen, columns are as wide as they are told, nothing scrolls sideways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from wardlink.terminal.cells import Align, fit

TONES = ("plain", "dim", "good", "warn", "alarm", "strong", "struck")


@dataclass(frozen=True)
class Column:
    """A column of `cells` cells; one of them may `grow` into the room that is left."""

    title: str
    cells: int
    align: Align = "left"
    grow: bool = False


@dataclass(frozen=True)
class Cell:
    """What stands in a row's column, and in which tone."""

    text: str
    tone: str = "plain"


@dataclass(frozen=True)
class Line:
    """One row. `key` is what is told when it is chosen."""

    key: str
    cells: tuple[Cell, ...]


class Grid(ScrollView, can_focus=True):
    """Shows lines; arrows move, Enter or a tap chooses."""

    DEFAULT_CSS = """
    Grid { height: 1fr; background: $background; scrollbar-size-vertical: 1; overflow-x: hidden; }
    Grid > .grid--header { color: #9fb4c4; text-style: bold; background: #1b2733; }
    Grid > .grid--cursor { background: #24506e; }
    Grid:focus > .grid--cursor { background: #1f5580; }
    Grid > .grid--dim-cursor { color: #d0d8de; }
    Grid > .grid--dim { color: #8f989f; }
    Grid > .grid--good { color: #87e087; }
    Grid > .grid--warn { color: #ffd75f; }
    Grid > .grid--alarm { color: #ffffff; background: #a01818; text-style: bold; }
    Grid > .grid--strong { text-style: bold; color: #ffffff; }
    Grid > .grid--struck { color: #8f989f; text-style: strike; }
    Grid > .grid--empty { color: #c7d0d8; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "grid--header",
        "grid--cursor",
        "grid--empty",
        "grid--dim-cursor",
        *(f"grid--{tone}" for tone in TONES if tone != "plain"),
    }
    BINDINGS: ClassVar = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "jump(0)", show=False),
        Binding("end", "jump(-1)", show=False),
        Binding("enter", "choose", show=False),
    ]

    cursor = reactive(0, repaint=True)

    class Chosen(Message):
        """A line was chosen with Enter or a tap."""

        def __init__(self, grid: Grid, key: str) -> None:
            super().__init__()
            self.grid = grid
            self.key = key

        @property
        def control(self) -> Grid:
            """The grid it happened in."""
            return self.grid

    class Moved(Message):
        """Another line has the cursor."""

        def __init__(self, grid: Grid, key: str | None) -> None:
            super().__init__()
            self.grid = grid
            self.key = key

        @property
        def control(self) -> Grid:
            """The grid it happened in."""
            return self.grid

    def __init__(self, *, id: str | None = None, is_list: bool = False, follows_top: bool = False) -> None:
        super().__init__(id=id)
        self._follows_top = follows_top
        # A mere list has nothing to choose, so it takes no focus and shows no cursor.
        self.can_focus = not is_list
        self._columns: tuple[Column, ...] = ()
        self._lines: tuple[Line, ...] = ()
        self._empty = ""

    def show(self, columns: Sequence[Column], lines: Sequence[Line], *, empty: str = "") -> None:
        """Show these lines; the cursor stays on its line, wherever that is now.

        With `follows_top` a cursor on the first line stays on the first line.
        """
        key = None if self._follows_top and self.cursor == 0 else self.key
        changed = (tuple(columns), tuple(lines), empty) != (self._columns, self._lines, self._empty)
        self._columns, self._lines, self._empty = tuple(columns), tuple(lines), empty
        keys = [line.key for line in self._lines]
        self.cursor = keys.index(key) if key in keys else min(self.cursor, max(0, len(keys) - 1))
        self.virtual_size = Size(self.size.width, len(self._lines) + 1)
        if changed:
            self.refresh()

    @property
    def key(self) -> str | None:
        """The key of the line under the cursor; None if there is none."""
        return self._lines[self.cursor].key if self.cursor < len(self._lines) else None

    def go_to(self, key: str) -> None:
        """Put the cursor on the line with that key, if it is there."""
        keys = [line.key for line in self._lines]
        if key in keys:
            self.cursor = keys.index(key)

    def render_line(self, y: int) -> Strip:
        """The header stays on top; below it the lines."""
        base = self.rich_style
        if y == 0:
            ink = base + self.get_component_rich_style("grid--header", partial=True)
            return self._strip([(column.title, ink) for column in self._columns], ink)
        index = y - 1 + self.scroll_offset.y
        if not self._lines:
            text = self._empty if y == 2 else ""
            ink = base + self.get_component_rich_style("grid--empty", partial=True)
            return Strip([Segment(fit("  " + text, self.size.width), ink)])
        if index >= len(self._lines):
            return Strip.blank(self.size.width, base)
        here = index == self.cursor and self.can_focus
        row = base + self.get_component_rich_style("grid--cursor", partial=True) if here else base
        cells = self._lines[index].cells
        return self._strip([(cell.text, self._ink(row, cell.tone, here=here)) for cell in cells], row)

    def _ink(self, row: Style, tone: str, *, here: bool) -> Style:
        # Dim on the colour of the cursor could not be read; what is old says so in a word as well.
        name = "dim-cursor" if here and tone in ("dim", "struck") else tone
        ink = row if tone == "plain" else row + self.get_component_rich_style(f"grid--{name}", partial=True)
        return ink + Style(strike=True) if here and tone == "struck" else ink

    def _strip(self, texts: Sequence[tuple[str, Style]], gap: Style) -> Strip:
        segments = [Segment(" ", gap)]
        for column, cells, (text, ink) in zip(self._columns, self._widths(), texts, strict=True):
            segments += [Segment(fit(text, cells, column.align), ink), Segment(" ", gap)]
        return Strip(segments).adjust_cell_length(self.size.width, gap)

    def _widths(self) -> list[int]:
        fixed = sum(column.cells for column in self._columns) + len(self._columns) + 1
        room = max(0, self.scrollable_content_region.width - fixed)
        return [column.cells + (room if column.grow else 0) for column in self._columns]

    def on_resize(self, _: events.Resize) -> None:
        """Lines are as wide as the grid."""
        self.virtual_size = Size(self.size.width, len(self._lines) + 1)

    def watch_cursor(self) -> None:
        """Keep the cursor in sight, and tell."""
        self.scroll_to_region(
            Region(0, self.cursor + (1 if self.cursor else 0), 1, 1), animate=False, force=True, immediate=True
        )
        self.post_message(self.Moved(self, self.key))

    def on_click(self, event: events.Click) -> None:
        """A tap on a line puts the cursor there; a tap on the line with the cursor chooses it."""
        index = event.y - 1 + self.scroll_offset.y
        if event.y < 1 or index >= len(self._lines) or not self.can_focus:
            return
        if index == self.cursor:
            self.action_choose()
        else:
            self.cursor = index

    def action_move(self, by: int) -> None:
        """One line up or down."""
        self.cursor = max(0, min(self.cursor + by, len(self._lines) - 1))

    def action_page(self, by: int) -> None:
        """A page up or down."""
        self.action_move(by * max(1, self.size.height - 2))

    def action_jump(self, to: int) -> None:
        """To the first or the last line."""
        self.cursor = 0 if to == 0 else max(0, len(self._lines) - 1)

    def action_choose(self) -> None:
        """Choose the line under the cursor."""
        if self.key is not None:
            self.post_message(self.Chosen(self, self.key))
