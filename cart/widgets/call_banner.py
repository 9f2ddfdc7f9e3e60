"""The call or the alert that weighs most, on top of whatever page is open. Says bed and urgency, no name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textual import events
from textual.message import Message
from textual.widgets import Static

from cart.usecases.words import reason_text, seconds_text
from wardlink.i18n import domain
from wardlink.messages.alert_words import detail_text, marked, title
from wardlink.messages.alerts import AlertView
from wardlink.messages.calls import CallChanged
from wardlink.terminal.cells import plain

_ = domain("cart").gettext


class CallBanner(Static):
    """Hidden while nobody asks for anybody. A tap opens the calls or the alerts."""

    DEFAULT_CSS = """
    CallBanner { height: 1; display: none; padding: 0 1; }
    CallBanner { text-style: bold; color: #101418; background: #ffd75f; }
    CallBanner.-ringing { display: block; }
    CallBanner.-grave { color: #ffffff; background: #a01818; }
    """

    class Tapped(Message):
        """Somebody wants to see the calls, or the alerts."""

        def __init__(self, *, is_call: bool) -> None:
            super().__init__()
            self.is_call = is_call

    _is_call = True

    def show(self, calls: Sequence[CallChanged], alerts: Sequence[AlertView], now: datetime) -> None:
        """Show the first of what nobody has taken, and how much there is besides.

        `alerts`: those that wait for the one who is signed in, the gravest first. A call comes before an alert that
        is no graver: a person waits there.
        """
        waiting = [call for call in calls if call.state == "raised"]
        is_grave = bool(alerts) and alerts[0].priority == "high"
        self._is_call = bool(waiting) and (waiting[0].cls == "P1" or not is_grave)
        self.set_class(bool(waiting or alerts), "-ringing")
        self.set_class(waiting[0].cls == "P1" if self._is_call else is_grave, "-grave")
        if waiting or alerts:
            first = waiting[0] if self._is_call else alerts[0]
            self.update(banner_text(first, len(waiting) + len(alerts) - 1, now))

    def on_click(self, _: events.Click) -> None:
        """Open what it speaks of."""
        self.post_message(self.Tapped(is_call=self._is_call))


def banner_text(first: CallChanged | AlertView, more: int, now: datetime) -> str:
    """What the banner says. Square brackets of a reason must not become markup."""
    text = _call_text(first, now) if isinstance(first, CallChanged) else _alert_text(first, now)
    if more:
        text += "   " + _("and {n} more").format(n=more)
    return text.replace("[", "\\[")


def _call_text(call: CallChanged, now: datetime) -> str:
    reason = reason_text(call.reason) if call.reason else _("calls")
    return _("{cls}  bed {bed}  {reason}  for {age}   F9 answers").format(
        cls=call.cls, bed=call.bed, reason=plain(reason), age=seconds_text(now - call.raised_at)
    )


def _alert_text(view: AlertView, now: datetime) -> str:
    what = plain(" ".join(part for part in (title(view), detail_text(view)) if part))
    said = _("{marks}  {what}  for {age}   F8 answers")
    if view.bed is not None:
        said = _("{marks}  bed {bed}  {what}  for {age}   F8 answers")
    return said.format(marks=marked(view), bed=view.bed, what=what, age=seconds_text(now - view.raised_at))
