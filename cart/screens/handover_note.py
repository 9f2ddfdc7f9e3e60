"""What a nurse writes beside the drafted facts of a hand-over, in as many lines as she needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static, TextArea

from cart.widgets.buttons import Button, Buttons
from wardlink.i18n import domain

_ = domain("cart").gettext

MOST = 1000


class NoteScreen(ModalScreen["str | None"]):
    """The answer is the text, perhaps empty; None: it stays as it was. `asked` says whose it is."""

    BINDINGS: ClassVar = [
        Binding("f2", "save", show=False, priority=True),
        Binding("escape", "take_back", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    NoteScreen TextArea { height: 10; background: $background; border: none; }
    """

    def __init__(self, asked: Callable[[], str], text: str) -> None:
        super().__init__()
        self._asked = asked
        self._text = text

    def compose(self) -> ComposeResult:
        """Whose, the field, and what ends it."""
        with Vertical(id="question"):
            yield Static(self._asked(), id="question-text", markup=False)
            yield TextArea(self._text, id="note", soft_wrap=True, tab_behavior="focus", compact=True)
            yield Static("", id="note-said", markup=False)
            yield Buttons([Button("F2", _("Save"), "save"), Button("Esc", _("Back"), "back")], id="question-end")

    def on_mount(self) -> None:
        """Behind what is there already."""
        area = self.query_one(TextArea)
        area.focus()
        area.move_cursor(area.document.end)

    async def speak_anew(self) -> None:
        """Say it in the language of now; what was typed stays."""
        self._text = self.query_one(TextArea).text
        await self.recompose()
        self.on_mount()

    @on(Buttons.Pressed)
    def _pressed(self, event: Buttons.Pressed) -> None:
        if event.value == "save":
            self.action_save()
        else:
            self.action_take_back()

    def action_save(self) -> None:
        """This is what shall stand there."""
        text = self.query_one(TextArea).text.strip()
        if len(text) > MOST:
            said = _("{n} characters; {most} at most.").format(n=len(text), most=MOST)
            self.query_one("#note-said", Static).update("✖ " + said)
            return
        self.dismiss(text)

    def action_take_back(self) -> None:
        """It stays as it was."""
        self.dismiss(None)
