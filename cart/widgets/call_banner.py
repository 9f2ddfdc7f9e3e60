"""The call that waits longest and weighs most, on top of whatever screen is open. Says bed and class, no name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual import events
from textual.message import Message
from textual.widgets import Static

from cart.usecases.words import CALL_REASONS, seconds_text, word
from wardlink.i18n import domain
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from wardlink.messages.calls import CallChanged

_ = domain("cart").gettext


class CallBanner(Static):
    """Hidden while nobody calls. A tap opens the calls."""

    DEFAULT_CSS = """
    CallBanner { height: 1; display: none; padding: 0 1; }
    CallBanner { text-style: bold; color: #101418; background: #ffd75f; }
    CallBanner.-ringing { display: block; }
    CallBanner.-p1 { color: #ffffff; background: #a01818; }
    """

    class Tapped(Message):
        """Somebody wants to see the calls."""

    def show(self, calls: Sequence[CallChanged], now: datetime) -> None:
        """Show the first of the open calls that nobody has taken, and how many there are besides."""
        waiting = [call for call in calls if call.state == "raised"]
        self.set_class(bool(waiting), "-ringing")
        if waiting:
            self.set_class(waiting[0].cls == "P1", "-p1")
            self.update(banner_text(waiting, now))

    def on_click(self, _: events.Click) -> None:
        """Open the calls."""
        self.post_message(self.Tapped())


def banner_text(waiting: Sequence[CallChanged], now: datetime) -> str:
    """What the banner says. Square brackets of a reason must not become markup."""
    first = waiting[0]
    reason = word(CALL_REASONS, first.reason) if first.reason else _("calls")
    text = _("{cls}  bed {bed}  {reason}  for {age}   F9 answers").format(
        cls=first.cls, bed=first.bed, reason=plain(reason), age=seconds_text(now - first.raised_at)
    )
    if len(waiting) > 1:
        text += "   " + _("and {n} more").format(n=len(waiting) - 1)
    return text.replace("[", "\\[")
