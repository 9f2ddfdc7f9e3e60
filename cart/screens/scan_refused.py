"""A scan that does not fit fills the screen, says why, and needs a key to go away."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from cart.usecases.scan import Scanned
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import clip, plain

if TYPE_CHECKING:
    from cart.usecases.scan import Scan

_ = domain("cart").gettext

REASONS = {
    Scanned.ELSEWHERE: N_("Nobody with the number {text} lies in this ward."),
    Scanned.UNKNOWN: N_("This code is not understood: {text}"),
}


class ScanRefused(ModalScreen[None]):
    """Red, with the reason in big words; sounds three times."""

    BINDINGS: ClassVar = [("escape,enter,space", "leave")]

    def __init__(self, scan: Scan) -> None:
        super().__init__()
        self._scan = scan

    def compose(self) -> ComposeResult:
        """The reason."""
        text = _(REASONS[self._scan.what]).format(text=clip(plain(self._scan.text), 40))
        with Vertical(id="scan-refused"):
            yield Static("✖  " + _("STOP"), id="scan-refused-head", markup=False)
            yield Static(text, id="scan-refused-why", markup=False)
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
