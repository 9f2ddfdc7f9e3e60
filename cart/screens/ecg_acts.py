"""What is asked before an ECG strip is struck out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cart.screens.question import Question
from cart.usecases.ecg import STRIKE_REASONS
from cart.usecases.ecg_words import taken_text
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from cart.screens.base import CartScreen
    from cart.usecases.ecg import Opened

_ = domain("cart").gettext


def ask_strike(screen: CartScreen, found: Opened, then: Callable[[str], object]) -> None:
    """Ask why; `then` is given the reason, and is not called where somebody thought better of it."""
    if found.view.struck_at is not None:
        screen.notify(_("This strip is already struck out."), severity="warning")
        return

    def asked() -> str:
        said = _("Strike out this ECG of {name}? It stays readable.").format(name=plain(found.stay.name))
        return said + "\n" + taken_text(found, screen.desk.ward.clock.now())

    def answered(reason: str | None) -> None:
        if reason is not None:
            then(reason)

    options = tuple((_(text), text) for text in STRIKE_REASONS)
    screen.app.push_screen(Question(asked, options, other=N_("another reason"), is_grave=True), answered)
