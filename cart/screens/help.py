"""All keys of the page below, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from cart.keys import Key
from wardlink.i18n import domain
from wardlink.terminal.cells import fit

_ = domain("cart").gettext


class HelpScreen(ModalScreen[None]):
    """Any of the usual keys closes it."""

    BINDINGS: ClassVar = [("escape,enter,space,f1", "leave")]

    def __init__(self, keys: Sequence[Key]) -> None:
        super().__init__()
        self._keys = tuple(keys)

    def compose(self) -> ComposeResult:
        """A line a key."""
        with VerticalScroll(id="help"):
            yield Static(_("Keys of this page"), classes="heading", markup=False)
            lines = [Content.assemble((fit(key.shown, 8), "bold"), key.help_text()) for key in self._keys]
            lines.append(Content.assemble((fit(_("scan"), 8), "bold"), _("A wristband opens the patient on any page.")))
            lines.append(Content.assemble((fit("", 8), "bold"), _("A badge signs another nurse in.")))
            yield Static(Content("\n").join(lines))
            yield Static(_("Esc closes this."), classes="hint", markup=False)

    async def speak_anew(self) -> None:
        """Say it in the language of now."""
        await self.recompose()

    def action_leave(self) -> None:
        """Close."""
        self.dismiss()
