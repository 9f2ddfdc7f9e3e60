"""A question on top of a page: answered with a number, or in words; Escape takes it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from cart.widgets.buttons import Button, Buttons
from wardlink.i18n import domain

_ = domain("cart").gettext

WORDS_LIMIT = 200


class Question(ModalScreen[str | None]):
    """The answer is the value of an option, or what was typed.

    `asked` says the question when it is shown, so that it can change its language. `options`: value and
    message id of each. `other`: message id beside a field for words; None: only the options.
    """

    BINDINGS: ClassVar = [("escape", "take_back")]
    AUTO_FOCUS = ""  # A number answers at once; with the field in focus it would be typed.

    def __init__(
        self,
        asked: Callable[[], str],
        options: Sequence[tuple[str, str]],
        *,
        other: str | None = None,
        is_grave: bool = False,
        translate: Callable[[str], str] | None = None,
    ) -> None:
        super().__init__()
        self._asked = asked
        self._options = tuple(options)
        self._other = other
        self._is_grave = is_grave
        self._translate = translate or _
        self._typed = ""

    def compose(self) -> ComposeResult:
        """The question, an option a row, and a field."""
        with Vertical(id="question", classes="-grave" if self._is_grave else ""):
            yield Static(self._asked(), id="question-text", markup=False)
            with VerticalScroll(id="question-options", can_focus=False):
                for number, (_value, label) in enumerate(self._options, 1):
                    yield Buttons([Button(str(number), self._translate(label), str(number))])
            if self._other is not None:
                yield Static(_(self._other), markup=False)
                yield Input(value=self._typed, id="question-words", max_length=WORDS_LIMIT, compact=True)
            yield Buttons([Button("⏎", _("Enter"), "enter"), Button("Esc", _("Back"), "back")], id="question-end")

    def on_mount(self) -> None:
        """A number answers at once; Tab or a tap goes to the words."""
        if not self._options and self._other is not None:
            self.query_one("#question-words", Input).focus()
        else:
            self.set_focus(None)

    async def speak_anew(self) -> None:
        """Say it in the language of now."""
        await self.recompose()

    @on(Input.Changed)
    def _words_changed(self, event: Input.Changed) -> None:
        self._typed = event.value

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self._answer_in_words()

    @on(Buttons.Pressed)
    def _pressed(self, event: Buttons.Pressed) -> None:
        if event.value == "back":
            self.action_take_back()
        elif event.value == "enter":
            self._answer_in_words()
        else:
            self._pick(int(event.value))

    def on_key(self, event: events.Key) -> None:
        """A digit picks an option."""
        if event.character and event.character.isdigit() and not isinstance(self.focused, Input):
            event.stop()
            self._pick(int(event.character))

    def _pick(self, number: int) -> None:
        if 1 <= number <= len(self._options):
            self.dismiss(self._options[number - 1][0])

    def _answer_in_words(self) -> None:
        if self._typed.strip():
            self.dismiss(self._typed.strip())

    def action_take_back(self) -> None:
        """No answer."""
        self.dismiss(None)
