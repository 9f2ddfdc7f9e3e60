"""A field whose answer is picked from a list, by digit, by the letter of its code, or by walking through it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from wardlink.clinical.codes import Coded
from wardlink.terminal.cells import fit


class Choice(Widget, can_focus=True):
    """Shows the answer; a picked one is told with `Picked`, and the form walks on."""

    DEFAULT_CSS = """
    Choice { height: 1; background: $surface; color: $foreground; }
    Choice:focus { background: #2f6f9a; }
    """
    BINDINGS: ClassVar = [
        Binding("right,space", "step(1)", show=False),
        Binding("left", "step(-1)", show=False),
        Binding("backspace,delete", "clear", show=False),
    ]

    code: reactive[str] = reactive("", repaint=True)

    class Picked(Message):
        """An answer was picked, or taken away. `walk_on`: it was picked outright, not while walking."""

        def __init__(self, choice: Choice, code: str, *, walk_on: bool) -> None:
            super().__init__()
            self.choice = choice
            self.code = code
            self.walk_on = walk_on

        @property
        def control(self) -> Choice:
            """The field it happened in."""
            return self.choice

    class Submitted(Message):
        """Enter was pressed."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

    def __init__(self, codes: Iterable[Coded], code: str, *, id: str | None = None, shows_code: bool = False) -> None:
        super().__init__(id=id)
        self.codes: Sequence[Coded] = tuple(codes)
        self._shows_code = shows_code
        self.set_reactive(Choice.code, code)

    def options(self) -> list[tuple[str, str, str]]:
        """Digit, words and code of each answer."""
        return [(str(number), self._words(code), code.value) for number, code in enumerate(self.codes, 1)]

    def _words(self, code: Coded) -> str:
        return f"{code.value} {code.text()}" if self._shows_code else code.text()

    def render_line(self, y: int) -> Strip:
        """The answer, between arrows while it has the focus."""
        chosen = next((self._words(code) for code in self.codes if code.value == self.code), "")
        text = f"‹{chosen or ' '}›" if self.has_focus else chosen
        return Strip([Segment(fit(text, self.size.width), self.rich_style)])

    def pick(self, code: str, *, walk_on: bool = True) -> None:
        """Take this answer."""
        self.code = code
        self.post_message(self.Picked(self, code, walk_on=walk_on))

    def on_key(self, event: events.Key) -> None:
        """A digit or the letter of a code picks."""
        if event.key == "enter":
            event.stop()
            self.post_message(self.Submitted(self))
            return
        if not event.character:
            return
        for digit, _words, code in self.options():
            if event.character == digit or (self._shows_code and event.character.casefold() == code.casefold()):
                event.stop()
                self.pick(code)
                return

    def action_step(self, by: int) -> None:
        """The next answer, or the one before."""
        codes = [code.value for code in self.codes]
        at = codes.index(self.code) + by if self.code in codes else (0 if by > 0 else -1)
        self.pick(codes[at % len(codes)], walk_on=False)

    def action_clear(self) -> None:
        """No answer."""
        self.pick("", walk_on=False)
