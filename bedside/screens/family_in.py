"""Family come in: who they are to the patient, then their PIN; the first time a code, and a PIN of their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on, work
from textual.widget import Widget

from bedside.screens.base import BedScreen
from bedside.screens.pad_page import PadPage
from bedside.usecases.family_typed import FamilyTyped, Step
from bedside.widgets.choices import Choices
from bedside.widgets.pad import DELETE, OTHER
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.clinical.family import RELATIONS, relation_text
from wardlink.errors import InvalidInput, NotAllowed, SignInFailed, Unreachable, WardlinkError
from wardlink.i18n import N_, domain

if TYPE_CHECKING:
    from wardlink.clinical.family import Relation

_ = domain("bedside").gettext

_ASKED = {
    Step.SECRET: N_("Your PIN, 6 digits; the first time the patient's code, 8 digits"),
    Step.NEW: N_("Choose a PIN of your own: 6 digits"),
    Step.AGAIN: N_("The same PIN once more"),
}


class FamilyInScreen(BedScreen):
    """Names nobody: only what one can be to a patient."""

    needs_session: ClassVar[bool] = False
    keeps_front: ClassVar[bool] = True

    def body(self) -> Iterable[Widget]:
        """Six fields."""
        yield Words(_("Who are you to the patient?"), classes="title")
        touches = [Touch(relation_text(one), f"am:{one}", id=f"am-{one}") for one in RELATIONS]
        yield Choices(touches, id="relations")

    def do_am(self, relation: str) -> None:
        """On to the PIN."""
        self.app.push_screen(FamilyPinScreen(cast("Relation", relation)))


class FamilyPinScreen(PadPage):
    """Digits by the pad, or by a keyboard if there is one; none of them is shown."""

    def __init__(self, relation: Relation) -> None:
        super().__init__()
        self.relation: Relation = relation
        self._typed = FamilyTyped()

    def key_text(self, key: str) -> str:
        """Digits, and two keys in words."""
        words = {DELETE: _("Delete"), OTHER: _("Clear")}
        return words.get(key, key)

    def bed_changed(self) -> None:
        """The page stands."""
        self.show_typed()

    def show_typed(self) -> None:
        """How much was typed."""
        if self.stands:
            typed = self._typed
            on = _("Open") if typed.opens else _("Next")
            self.show_page(_(_ASKED[typed.step]), "*" * len(typed.digits), self._trouble(), on)

    def _trouble(self) -> str:
        match self._error:
            case None:
                return _(self._typed.trouble) if self._typed.trouble else ""
            case SignInFailed() as failed if failed.message is None:
                return _("This does not match, or is no longer valid. Please ask the patient for a code.")
            case Unreachable():
                return _("Family need the connection to the ward, and there is none. Call works.")
            case InvalidInput():
                return _("Please choose another PIN.")
            case NotAllowed():
                return _("This screen is not known to the ward. Please tell the nurse.")
            case other:
                return other.text()

    def do_key(self, key: str) -> None:
        """A key of the pad."""
        self._type(key)

    def _type(self, key: str) -> None:
        if not self._busy:
            self._error = None
            typed = self._typed
            self._typed = typed.back() if key == DELETE else typed.cleared() if key == OTHER else typed.add(key)
        self.show_typed()

    def on_key(self, event: events.Key) -> None:
        """A keyboard types as well, and then Enter goes on."""
        if event.key in ("backspace", "delete"):
            event.stop()
            self._type(DELETE)
        elif event.character and event.character.isascii() and event.character.isdigit():
            event.stop()
            self._type(event.character)
            self.query_one("#next").focus()
        else:
            super().on_key(event)

    def do_next(self) -> None:
        """The next question, or in."""
        if self._busy:
            return
        self._error = None
        typed = self._typed.next()
        if typed.is_whole:
            self._busy = True
            self._open(typed)
        else:
            self._typed = typed
        self.show_typed()

    def do_back(self) -> None:
        """The question before, or out."""
        if self._busy:
            return
        if self._typed.step is Step.SECRET:
            self.leave()
        else:
            self._typed, self._error = FamilyTyped(), None
            self.show_typed()

    @work(thread=True, exit_on_error=False)
    def _open(self, typed: FamilyTyped) -> None:
        from bedside.usecases.session import open_session_by_code, open_session_by_pin

        terminal = self.bed.terminal
        try:
            if typed.code:
                session = open_session_by_code(terminal, self.relation, typed.code, typed.digits)
            else:
                session = open_session_by_pin(terminal, self.relation, typed.digits)
            self.post_message(self.Came(session))
        except WardlinkError as error:
            self.post_message(self.Refused(error))

    @on(PadPage.Came)
    def _came(self, event: PadPage.Came) -> None:
        self._busy = False
        self._typed = FamilyTyped()
        self.bedside.opened_by(event.session)

    @on(PadPage.Refused)
    def _refused(self, event: PadPage.Refused) -> None:
        self._busy = False
        self._error = event.error
        # A PIN that cannot be is chosen anew, with the same code; nothing else of what was typed stays.
        self._typed = self._typed.anew() if isinstance(event.error, InvalidInput) else FamilyTyped()
        self.show_typed()
