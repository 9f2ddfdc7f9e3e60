"""What the pages about requests have in common: they read what the patient has asked for, and send once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedside.screens.sending import Sending
from bedside.screens.stay_page import StayPage

if TYPE_CHECKING:
    from bedside.ports import Terminal
    from bedside.usecases.requests import MyRequests
    from wardlink.messages.encounters import EncounterView


class RequestPage(StayPage["MyRequests"], Sending):
    """A page that shows the requests as they are now, and again when something about the bed is new."""

    LOOKS_AT = "requests"

    def read(self, terminal: Terminal, stay: EncounterView) -> MyRequests:
        """The requests of this stay."""
        from bedside.usecases.requests import read

        session = self.bed.session
        return read(terminal, stay, of_bill=session is None or session.may("money"))

    def sent(self) -> None:
        """What was done is on its way: show the list of requests."""
        from bedside.screens.requests import RequestsScreen

        if self.app.screen is not self:
            return
        self.leave()
        if not isinstance(self.app.screen, RequestsScreen):
            self.app.push_screen(RequestsScreen())
