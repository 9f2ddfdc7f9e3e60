"""What a page has on which entries about a stay are made and struck out: intake and output, single measurements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from textual import on, work
from textual.message import Message

from cart.screens.entry_form import EntryForm
from cart.screens.question import Question
from cart.screens.stay_page import StayPage
from cart.usecases.entry import STRIKE_REASONS
from wardlink.errors import WardlinkError
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from cart.ports import Ward
    from cart.screens.entry_form import Examine
    from cart.usecases.entry import EntryExam, EntryField
    from cart.usecases.session import Session
    from wardlink.messages.encounters import EncounterView

_ = domain("cart").gettext


class AboutStay(Protocol):
    """What such a page has read."""

    @property
    def stay(self) -> EncounterView:
        """Whose entries they are."""


P = TypeVar("P", bound=AboutStay)


class EntryPage(StayPage[P]):
    """A page with entries of one kind."""

    class Failed(Message):
        """An entry is not on the disk."""

        def __init__(self, error: WardlinkError) -> None:
            super().__init__()
            self.error = error

    def save_entry(self, ward: Ward, session: Session, stay: EncounterView, exam: EntryExam) -> Any:
        """Record an entry that may be saved. Runs in a worker.

        Raises:
            StoreFailed: the disk did not take it; nothing was saved.
        """
        raise NotImplementedError

    def strike_entry(self, ward: Ward, session: Session, stay: EncounterView, entry: str, reason: str) -> Any:
        """Strike an entry out. Runs in a worker."""
        raise NotImplementedError

    def whose(self, stay: EncounterView) -> str:
        """Bed and name, for the title of a form."""
        return _("bed {bed} {name}").format(bed=stay.bed, name=plain(stay.name))

    def ask_entry(self, page: P, titled: Callable[[], str], fields: Sequence[EntryField], examine: Examine) -> None:
        """Ask for an entry, and save it under the name of who is signed in now."""
        session = self.session

        def answered(exam: EntryExam | None) -> None:
            if exam is not None:
                self._save(page.stay, exam, session)

        self.app.push_screen(EntryForm(titled, fields, examine), answered)

    def ask_why(self, page: P, entry: str, asked: Callable[[], str]) -> None:
        """Ask why an entry is struck out, and do it."""
        session = self.session

        def answered(reason: str | None) -> None:
            if reason is not None:
                self._strike(page.stay, entry, reason, session)

        options = tuple((_(text), text) for text in STRIKE_REASONS)
        self.app.push_screen(Question(asked, options, other=N_("another reason"), is_grave=True), answered)

    @work(thread=True, exit_on_error=False)
    def _save(self, stay: EncounterView, exam: EntryExam, session: Session) -> None:
        try:
            self.save_entry(self.desk.ward, session, stay, exam)
        except WardlinkError as error:
            self.post_message(self.Failed(error))
            return
        self.app.call_from_thread(self.notify, _("Saved on this cart. It is sent by itself."))
        self.ward_changed()

    @on(Failed)
    def _failed(self, event: Failed) -> None:
        self.notify(event.error.text(), severity="error", timeout=60)

    @work(thread=True, exit_on_error=False)
    def _strike(self, stay: EncounterView, entry: str, reason: str, session: Session) -> None:
        self.strike_entry(self.desk.ward, session, stay, entry, reason)
        self.ward_changed()

    def action_back(self) -> None:
        """Back to the patient."""
        self.dismiss()
