"""A row of buttons on cells, for keys and choices: each says its key, and takes a finger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from wardlink.terminal.cells import width

GAP = 1


@dataclass(frozen=True)
class Button:
    """`head` is the key, `body` what it does, `value` what is told when it is pressed."""

    head: str
    body: str
    value: str
    active: bool = False

    def cells(self, room: int) -> int:
        """How wide it is, with `room` cells on each side of its two halves."""
        return width(self.head) + width(self.body) + 4 * room


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
    def room(self) -> int:
        """Cells on each side of the words: none where otherwise not all buttons would fit."""
        needed = sum(button.cells(1) + GAP for button in self._buttons) - GAP
        return 1 if needed <= self.size.width else 0

    def placed(self) -> list[tuple[int, int, Button]]:
        """First column and width of each button that fits."""
        places = []
        at, room = 0, self.room
        for button in self._buttons:
            cells = button.cells(room)
            if at + cells > self.size.width:
                break
            places.append((at, cells, button))
            at += cells + GAP
        return places

    def render_line(self, y: int) -> Strip:
        """One row."""
        base = self.rich_style
        is_words = y == self.size.height // 2
        segments = [Segment(" " + self._caption, base)] if is_words and self._caption else []
        pad = " " * self.room
        for _at, _cells, button in self.placed():
            head, body = f"{pad}{button.head}{pad}", f"{pad}{button.body}{pad}"
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
        for at, cells, button in self.placed():
            if at <= event.x < at + cells:
                self.post_message(self.Pressed(self, button.value))
