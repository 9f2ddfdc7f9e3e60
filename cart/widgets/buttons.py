"""A row of buttons on cells, for keys and choices: each says its key, and takes a finger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from wardlink.terminal.cells import width

GAP = 1
Room = tuple[int, int]
ROOMS: tuple[Room, ...] = ((1, 1), (0, 1), (0, 0))
"""Cells on each side of a key and of its words, from roomy to tight."""


@dataclass(frozen=True)
class Button:
    """`head` is the key, `body` what it does; either may be empty. `value` is what is told when it is pressed."""

    head: str
    body: str
    value: str
    active: bool = False

    def cells(self, room: Room) -> int:
        """How wide it is, with so much room on each side of its two halves."""
        return sum(width(half) + 2 * side for half, side in zip((self.head, self.body), room, strict=True) if half)


class Placed(NamedTuple):
    """A button with its first column and its width."""

    at: int
    cells: int
    button: Button


class Buttons(Widget):
    """Shows as many as fit in its rows; in three rows the words stand in the middle one."""

    DEFAULT_CSS = """
    Buttons { height: 1; }
    Buttons > .buttons--key { background: #2f5d80; color: #ffffff; text-style: bold; }
    Buttons > .buttons--label { background: #22303c; color: #f0f3f6; }
    Buttons > .buttons--active { background: #7fd4ff; color: #101418; text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"buttons--key", "buttons--label", "buttons--active"}

    class Pressed(Message):
        """A finger pressed a button."""

        def __init__(self, buttons: Buttons, value: str) -> None:
            super().__init__()
            self.buttons = buttons
            self.value = value

        @property
        def control(self) -> Buttons:
            """The row it is in."""
            return self.buttons

    def __init__(self, buttons: Sequence[Button] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._buttons = tuple(buttons)
        self._caption = ""

    def show(self, buttons: Sequence[Button], *, caption: str = "") -> None:
        """Show these from now on; `caption` where there are none."""
        if (tuple(buttons), caption) != (self._buttons, self._caption):
            self._buttons, self._caption = tuple(buttons), caption
            self.refresh()

    @property
    def room(self) -> Room:
        """As much as lets all buttons fit into one row."""
        return next((room for room in ROOMS if self._needed(room) <= self.size.width), ROOMS[-1])

    def rows_in(self, cells: int) -> int:
        """How many rows so wide hold all buttons."""
        return len(self._rows(cells, ROOMS[-1])) if self._needed(ROOMS[-1]) > cells else 1

    def placed(self) -> list[list[Placed]]:
        """The buttons of each row, as many rows as there is height for."""
        rows = self._rows(self.size.width, self.room)
        return rows[: max(1, self.size.height)]

    def _needed(self, room: Room) -> int:
        return sum(button.cells(room) + GAP for button in self._buttons) - GAP

    def _rows(self, width_: int, room: Room) -> list[list[Placed]]:
        rows: list[list[Placed]] = [[]]
        at = 0
        for button in self._buttons:
            cells = button.cells(room)
            if at + cells > width_ and rows[-1]:
                rows.append([])
                at = 0
            rows[-1].append(Placed(at, cells, button))
            at += cells + GAP
        return rows

    def render_line(self, y: int) -> Strip:
        """One row."""
        base = self.rich_style
        rows = self.placed()
        high = self.size.height // len(rows)
        row = min(y // high, len(rows) - 1)
        is_words = y == row * high + high // 2
        segments = [Segment(" " + self._caption, base)] if is_words and self._caption else []
        beside_key, beside_words = (" " * cells for cells in self.room)
        for _at, _cells, button in rows[row]:
            head = f"{beside_key}{button.head}{beside_key}" if button.head else ""
            body = f"{beside_words}{button.body}{beside_words}" if button.body else ""
            if not is_words:
                head, body = " " * width(head), " " * width(body)
            ink = self.get_component_rich_style(f"buttons--{'active' if button.active else 'label'}")
            segments += [
                Segment(head, self.get_component_rich_style("buttons--key")),
                Segment(body, ink),
                Segment(" " * GAP, base),
            ]
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def on_click(self, event: events.Click) -> None:
        """Tell which button lies under the finger."""
        rows = self.placed()
        row = min(event.y // (self.size.height // len(rows)), len(rows) - 1)
        for at, cells, button in rows[row]:
            if at <= event.x < at + cells:
                self.post_message(self.Pressed(self, button.value))
