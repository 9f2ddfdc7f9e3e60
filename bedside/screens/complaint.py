"""One complaint: its clock, the answer, and the patient's last word on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from textual.widget import Widget

from bedside.screens.complaints import ComplaintsPage
from bedside.screens.read_on import ReadOn
from bedside.screens.sending import Sending
from bedside.usecases.bill import trouble_text
from bedside.usecases.complaint_words import lines_of, title_text, waiting_lines
from bedside.usecases.complaints import reopen, said_of, thank, waiting
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.clinical.complaints import after
from wardlink.i18n import domain

if TYPE_CHECKING:
    from bedside.ports import Place, Terminal
    from bedside.usecases.session import Session
    from wardlink.messages.complaints import ComplaintAtBed

_ = domain("bedside").gettext


class ComplaintScreen(ReadOn, ComplaintsPage, Sending):
    """By its id, whether the hospital has it or it still waits here."""

    def __init__(self, complaint: str) -> None:
        super().__init__()
        self.complaint = complaint
        self._shown: list[tuple[str, str]] | None = None

    def body(self) -> Iterable[Widget]:
        """Its number, the lines, and what can be said to the answer."""
        yield Words(id="complaint-title", classes="title")
        yield self.lines()
        yield Choices(
            [
                Touch(_("Thank you, it is settled"), "thank", id="thank"),
                Touch(_("I am not satisfied"), "reopen", kind="quiet", id="reopen"),
            ],
            most=2,
            id="last-word",
        )

    async def speak_anew(self) -> None:
        """All lines are other ones."""
        self._shown = None
        await super().speak_anew()

    async def answered(self) -> None:
        """Show it."""
        bed = self.bed
        stay, now = self.session.encounter, bed.terminal.clock.now()
        waits = next((one for one in waiting(bed.terminal, stay) if one.id == self.complaint), None)
        found = self._found()
        unsent = self._is_sent or self.complaint in said_of(bed.terminal, stay)
        kind = waits.kind if waits is not None else found.kind if found is not None else None
        self.query_one("#complaint-title", Words).show(title_text(kind, self.complaint) if kind else "")
        if waits is not None:
            said = waiting_lines(waits, now)
        elif found is not None:
            said = lines_of(found, now, unsent=unsent)
            said += [(trouble_text(self.error), "prose -trouble")] if self.error is not None else []
        elif self.error is not None:
            said = [(trouble_text(self.error), "prose -trouble")]
        else:
            said = [(_("One moment ..."), "prose")]
        self._show_last_word(found if waits is None and not unsent else None)
        if said != self._shown:
            self._shown = said
            await self.show_lines(Words(text, classes=classes) for text, classes in said)

    def _found(self) -> ComplaintAtBed | None:
        known = self.found.complaints if self.found is not None else ()
        return next((one for one in known if one.id == self.complaint), None)

    def _show_last_word(self, found: ComplaintAtBed | None) -> None:
        can_thank = found is not None and after(found.kind, found.state, "close") is not None and bool(found.reply)
        can_reopen = found is not None and after(found.kind, found.state, "reopen") is not None
        self.query_one("#thank").display = can_thank
        self.query_one("#reopen").display = can_reopen
        choices = self.query_one("#last-word", Choices)
        choices.display = can_thank or can_reopen
        choices.refit()

    def do_thank(self) -> None:
        """Satisfied."""
        self._say(thank)

    def do_reopen(self) -> None:
        """Not satisfied."""
        self._say(reopen)

    def _say(self, word: Callable[[Terminal, Place, Session, str], None]) -> None:
        complaint = self.complaint
        self.send(lambda terminal, place, session: word(terminal, place, session, complaint))

    def sent(self) -> None:
        """To a later answer there may be another word."""
        self._is_sent = False
