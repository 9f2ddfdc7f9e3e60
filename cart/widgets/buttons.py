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

    @property
    def cells(self) -> int:
        """How wide it is."""
        return width(self.head) + width(self.body) + 4


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

    def show(self, buttons: Sequence[Button]) -> None:
        """Show these from now on."""
        if tuple(buttons) != self._buttons:
            self._buttons = tuple(buttons)
            self.refresh()

    def placed(self) -> list[tuple[int, Button]]:
        """The first column of each button that fits."""
        places = []
        at = 0
        for button in self._buttons:
            if at + button.cells > self.size.width:
                break
            places.append((at, button))
            at += button.cells + GAP
        return places

    def render_line(self, y: int) -> Strip:
        """One row."""
        base = self.rich_style
        is_words = y == self.size.height // 2
        segments = []
        for _at, button in self.placed():
            head, body = f" {button.head} ", f" {button.body} "
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
        for at, button in self.placed():
            if at <= event.x < at + button.cells:
                self.post_message(self.Pressed(self, button.value))
