"""Family come in: who they are to the patient, then their PIN; the first time a code, and a PIN of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on, work
from textual.containers import Container
from textual.message import Message
from textual.widget import Widget

from bedside.screens.base import BedScreen
from bedside.usecases.family_typed import FamilyTyped, Step
from bedside.widgets.choices import Choices
from bedside.widgets.pad import DELETE, OTHER, Pad
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.clinical.family import RELATIONS, relation_text
from wardlink.errors import InvalidInput, NotAllowed, SignInFailed, Unreachable, WardlinkError
from wardlink.i18n import N_, domain

if TYPE_CHECKING:
    from bedside.usecases.session import Session
    from wardlink.clinical.family import Relation

_ = domain("bedside").gettext

_ASKED = {
    Step.SECRET: N_("Your PIN, 6 digits; the first time the patient's code, 8 digits"),
    Step.NEW: N_("Choose a PIN of your own: 6 digits"),
    Step.AGAIN: N_("The same PIN once more"),
}

LOW_ROWS = 22


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


class FamilyPinScreen(BedScreen):
    """Digits by the pad, or by a keyboard if there is one; none of them is shown."""

    needs_session: ClassVar[bool] = False
    keeps_front: ClassVar[bool] = True

    class Came(Message):
        """Family were let in."""

        def __init__(self, session: Session) -> None:
            super().__init__()
            self.session = session

    class Refused(Message):
        """Nobody was let in."""

        def __init__(self, error: WardlinkError) -> None:
            super().__init__()
            self.error = error

    def __init__(self, relation: Relation) -> None:
        super().__init__()
        self.relation: Relation = relation
        self._typed = FamilyTyped()
        self._error: WardlinkError | None = None
        self._busy = False

    def body(self) -> Iterable[Widget]:
        """What is asked, how much was typed, the keys."""
        yield Words(id="asked")
        yield Words(id="typed", classes="centred")
        yield Words(id="said")
        yield Container(Pad(self._key_text, id="pad"), id="pad-place")

    def right(self) -> Sequence[Touch]:
        """On, or in."""
        return [Touch(_("Next"), "next", kind="main", id="next")]

    def first_focus(self) -> Widget | None:
        """The first key."""
        return next(iter(self.query("#pad Touch")), None)

    def _key_text(self, key: str) -> str:
        words = {DELETE: _("Delete"), OTHER: _("Clear")}
        return words.get(key, key)

    def bed_changed(self) -> None:
        """The page stands."""
        self._show()

    def on_resize(self) -> None:
        """More or less room."""
        self._show()

    def _show(self) -> None:
        if not self.stands:
            return
        typed = self._typed
        asked, said = self.query_one("#asked", Words), self.query_one("#said", Words)
        trouble = self._trouble()
        # In a low window the keys need the room: what went wrong takes the place of the question.
        asked.display = not trouble or self._busy or self.size.height >= LOW_ROWS
        asked.show(_(_ASKED[typed.step]))
        self.query_one("#typed", Words).show(f"{'*' * len(typed.digits)}▏")
        said.show(_("Checking ...") if self._busy else trouble)
        said.set_class(bool(trouble) and not self._busy, "-trouble")
        self.query_one("#next", Touch).show(_("Open") if typed.opens else _("Next"))
        self.query_one(Pad).relabel()

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
        self._show()

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
        self._show()

    def do_back(self) -> None:
        """The question before, or out."""
        if self._busy:
            return
        if self._typed.step is Step.SECRET:
            self.leave()
        else:
            self._typed, self._error = FamilyTyped(), None
            self._show()

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

    @on(Came)
    def _came(self, event: Came) -> None:
        self._busy = False
        self._typed = FamilyTyped()
        self.bedside.opened_by(event.session)

    @on(Refused)
    def _refused(self, event: Refused) -> None:
        self._busy = False
        self._error = event.error
        # A PIN that cannot be is chosen anew, with the same code; nothing else of what was typed stays.
        self._typed = self._typed.anew() if isinstance(event.error, InvalidInput) else FamilyTyped()
        self._show()
