"""What must not happen fills the screen red, says why, and needs a key to go away."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from wardlink.i18n import domain

_ = domain("cart").gettext

CROSS = (
    "██▄        ▄██",
    " ▀██▄    ▄██▀ ",
    "   ▀██▄▄██▀   ",
    "    ▄████▄    ",
    "  ▄██▀  ▀██▄  ",
    "▄██▀      ▀██▄",
)
"""Seen from across the corridor, and without its colour."""


class Stop(ModalScreen[None]):
    """Red, with the reason in big words; sounds three times. Nothing else is scanned while it stands."""

    BINDINGS: ClassVar = [("escape,enter,space", "leave")]
    DEFAULT_CSS = """
    Stop { background: #a01818; }
    """

    def why(self) -> str:
        """The reason, in the language of now."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """The reason."""
        with Vertical(id="scan-refused"):
            yield Static("\n".join(CROSS), id="scan-refused-cross", markup=False)
            yield Static(_("STOP"), id="scan-refused-head", markup=False)
            yield Static(self.why(), id="scan-refused-why", markup=False)
            yield Static(_("Nothing was changed. Press Enter to go on."), id="scan-refused-hint", markup=False)

    def on_mount(self) -> None:
        """Sound."""
        for delay_s in (0.0, 0.2, 0.4):
            self.set_timer(delay_s or 0.01, self.app.bell)

    async def speak_anew(self) -> None:
        """Say it in the language of now."""
        await self.recompose()

    def on_click(self, event: events.Click) -> None:
        """A tap is as good as a key."""
        self.dismiss()

    def action_leave(self) -> None:
        """Go on."""
        self.dismiss()
