"""What the pages about requests have in common: they read what the patient has asked for, and send once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message

from bedside.screens.stay_page import StayPage

if TYPE_CHECKING:
    from bedside.ports import Place, Terminal
    from bedside.usecases.requests import MyRequests
    from bedside.usecases.session import Session
    from wardlink.messages.encounters import EncounterView

Deed = Callable[["Terminal", "Place", "Session"], None]


class RequestPage(StayPage["MyRequests"]):
    """A page that shows the requests as they are now, and again when something about the bed is new."""

    LOOKS_AT = "requests"

    class Said(Message):
        """It is on this terminal's disk and on its way."""

    _is_sent = False

    def read(self, terminal: Terminal, stay: EncounterView) -> MyRequests:
        """The requests of this stay."""
        from bedside.usecases.requests import read

        return read(terminal, stay)

    def send(self, deed: Deed) -> None:
        """Do it once, however often it is touched."""
        if not self._is_sent:
            self._is_sent = True
            self._send(deed)

    @work(thread=True, exit_on_error=False)
    def _send(self, deed: Deed) -> None:
        bed = self.bed
        try:
            deed(bed.terminal, bed.place, self.session)
        except BaseException:
            self._is_sent = False
            raise
        self.post_message(self.Said())

    @on(Said)
    def _said(self) -> None:
        self.sent()
        self.bedside.look_again()

    def sent(self) -> None:
        """What was done is on its way: show the list of requests."""
        from bedside.screens.requests import RequestsScreen

        if self.app.screen is not self:
            return
        self.leave()
        if not isinstance(self.app.screen, RequestsScreen):
            self.app.push_screen(RequestsScreen())
