"""Which kind of intake or output? Picked by its digit."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from cart.widgets.buttons import Button, Buttons
from wardlink.clinical.fluid_kinds import Direction, FluidKind, fluid_kinds
from wardlink.i18n import domain

_ = domain("cart").gettext


class FluidKindQuestion(ModalScreen[FluidKind | None]):
    """The kinds of one direction, a row of buttons each two; Escape takes it back."""

    BINDINGS: ClassVar = [("escape", "take_back")]

    def __init__(self, direction: Direction) -> None:
        super().__init__()
        self._direction = direction

    def compose(self) -> ComposeResult:
        """The question, the kinds, the way back."""
        kinds = list(fluid_kinds(self._direction).values())
        asked = _("What went in?") if self._direction == "intake" else _("What came out?")
        with Vertical(id="question"):
            yield Static(asked, id="question-text", markup=False)
            with Vertical(id="question-options"):
                for at in range(0, len(kinds), 2):
                    yield Buttons([Button(kind.key, kind.text(), kind.code) for kind in kinds[at : at + 2]])
            yield Buttons([Button("Esc", _("Back"), "")], id="question-end")

    async def speak_anew(self) -> None:
        """Say it in the language of now."""
        await self.recompose()

    @on(Buttons.Pressed)
    def _pressed(self, event: Buttons.Pressed) -> None:
        self.dismiss(fluid_kinds(self._direction).get(event.value))

    def on_key(self, event: events.Key) -> None:
        """A digit picks a kind."""
        for kind in fluid_kinds(self._direction).values():
            if event.character == kind.key:
                event.stop()
                self.dismiss(kind)

    def action_take_back(self) -> None:
        """None of them."""
        self.dismiss(None)
