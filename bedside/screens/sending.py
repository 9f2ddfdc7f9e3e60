"""A page with something to send: once, however often it is touched, and again only where it could not be kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message

from bedside.screens.base import BedScreen

if TYPE_CHECKING:
    from bedside.ports import Place, Terminal
    from bedside.usecases.session import Session

Deed = Callable[["Terminal", "Place", "Session"], None]


class Sending(BedScreen):
    """What is sent is kept on this terminal's disk in a worker; `sent` follows once it is there."""

    class Sent(Message):
        """It is on this terminal's disk and on its way."""

    _is_sent = False

    def send(self, deed: Deed) -> None:
        """Do it, unless it was done already."""
        if not self._is_sent:
            self._is_sent = True
            self._send(deed)

    def sent(self) -> None:
        """What was done is on its way: show what comes next."""
        raise NotImplementedError

    def back_to(self, page: type[BedScreen]) -> None:
        """Close every page above the last of this kind; where there is none, all but home."""
        while not isinstance(self.app.screen, page) and len(self.app.screen_stack) > 2:
            self.app.pop_screen()

    @work(thread=True, exit_on_error=False)
    def _send(self, deed: Deed) -> None:
        bed = self.bed
        try:
            deed(bed.terminal, bed.place, self.session)
        except BaseException:
            self._is_sent = False
            raise
        self.post_message(self.Sent())

    @on(Sent)
    def _sent(self) -> None:
        self.sent()
        self.bedside.look_again()
