"""Who are you? The admission number, then a second thing that only the patient is likely to know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.containers import Container
from textual.message import Message
from textual.widget import Widget

from bedside.screens.base import BedScreen
from bedside.usecases.shown import Reading
from bedside.usecases.typed import DIGITS, LETTERS, Field, Typed, admission_no_to_send, prefix_of
from bedside.widgets.pad import DELETE, OTHER, TURN, Pad
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.errors import InvalidInput, NotAllowed, SignInFailed, Unreachable, WardlinkError
from wardlink.i18n import N_, domain

if TYPE_CHECKING:
    from bedside.usecases.session import Session
    from wardlink.codes.cards import ShownCard

_ = domain("bedside").gettext


_NOT_LATELY = N_(
    "No connection to the ward, and this screen was not opened for you in the last 12 hours."
    " Please ask the nurse; Call works."
)


_CARD_NEEDS_SERVER = N_(
    "A voucher or health card needs the connection to the ward, and there is none."
    " Please type your number, or ask the nurse; Call works."
)


LOW_ROWS = 22


class IdentifyScreen(BedScreen):
    """Two answers by the pad, or by a keyboard if there is one."""

    needs_session: ClassVar[bool] = False
    keeps_front: ClassVar[bool] = True

    class Came(Message):
        """The patient was let in."""

        def __init__(self, session: Session) -> None:
            super().__init__()
            self.session = session

    class Refused(Message):
        """Nobody was let in."""

        def __init__(self, error: WardlinkError) -> None:
            super().__init__()
            self.error = error

    def __init__(self) -> None:
        super().__init__()
        self._typed: Typed | None = None
        self._error: WardlinkError | None = None
        self._busy = False
        self._reading = Reading()
        self._before: Typed | None = None
        self._by_card = False

    @property
    def typed(self) -> Typed:
        """What was typed so far."""
        if self._typed is None:
            stay = self.bed.seen.stay if self.bed.seen else None
            self._typed = Typed.begun(prefix_of(stay.admission_no if stay else None))
        return self._typed

    def body(self) -> Iterable[Widget]:
        """What is asked, what was typed, the keys."""
        yield Words(id="asked")
        yield Words(id="typed", classes="centred")
        yield Words(id="said")
        yield Container(Pad(self._key_text, id="pad"), id="pad-place")

    def right(self) -> Sequence[Touch]:
        """On, or in."""
        return [Touch(_("Next"), "next", kind="main", id="next")]

    def begin(self) -> None:
        """Begin with the first key."""
        self._show()

    def first_focus(self) -> Widget | None:
        """The first key of the pad."""
        return next(iter(self.query("#pad Touch")), None)

    def _key_text(self, key: str) -> str:
        if key == DELETE:
            return _("Delete")
        if key == TURN:
            return _("More")
        if key == OTHER:
            if self._typed is not None and self._typed.field is Field.SECOND:
                return "X"
            return "123" if self.query(Pad) and self.query_one(Pad).letters else "ABC"
        return key

    def on_resize(self) -> None:
        """More or less room."""
        self._show()

    async def speak_anew(self) -> None:
        """What was typed stays."""
        await super().speak_anew()
        self._show()

    def _show(self) -> None:
        if not self.stands:
            return
        typed = self.typed
        first = typed.field is Field.ADMISSION_NO
        asked = self.query_one("#asked", Words)
        # In a low window the keys need the room: what went wrong takes the place of the question.
        asked.display = self._error is None or self._busy or self.size.height >= LOW_ROWS
        asked.show(
            _("1 of 2: your admission number, on your wristband")
            if first
            else _("2 of 2: last four of your ID number, or birthday 19500517")
        )
        self.query_one("#typed", Words).show(f"{typed.text}▏")
        said = self.query_one("#said", Words)
        said.show(_("Checking ...") if self._busy else self._trouble())
        said.set_class(self._error is not None and not self._busy, "-trouble")
        self.query_one("#next", Touch).show(_("Next") if first else _("Open"))
        self.query_one(Pad).relabel()

    def _trouble(self) -> str:
        match self._error:
            case None:
                return ""
            case SignInFailed() as failed if failed.message is None:
                return _("This does not match. Please check both, or ask the nurse.")
            case Unreachable():
                return _(_CARD_NEEDS_SERVER) if self._by_card else _(_NOT_LATELY)
            case SignInFailed() as slowed:
                return slowed.text()
            case NotAllowed():
                return _("This screen is not known to the ward. Please tell the nurse.")
            case other:
                return other.text()

    # -- typing

    async def do_key(self, key: str) -> None:
        """A key of the pad; or the end of a card, where a key of the pad has the focus."""
        if self._took_card():
            return
        pad = self.query_one(Pad)
        if key == TURN:
            await pad.turn()
        elif key == OTHER and self.typed.field is Field.ADMISSION_NO:
            await pad.show_letters(not pad.letters)
        else:
            self._type("X" if key == OTHER else key)
        self._show()

    def _type(self, key: str) -> None:
        self._error = None
        if not self._busy:
            self._typed = self.typed.back() if key == DELETE else self.typed.add(key)
        self._show()

    def on_key(self, event: events.Key) -> None:
        """A keyboard works as well: characters are typed, and then Enter goes on. A scanner types a card."""
        if event.is_printable and event.character and not self._reading.feed(event.character, event.time):
            self._before = self.typed
        if event.key in ("backspace", "delete"):
            event.stop()
            self._type(DELETE)
        elif event.character and event.character.upper() in LETTERS + DIGITS:
            event.stop()
            self._type(event.character)
            self.query_one("#next").focus()
        else:
            super().on_key(event)

    # -- going on

    async def do_next(self) -> None:
        """The second question, or in; or a card was read just before."""
        if self._took_card():
            return
        now = self.bed.terminal.clock.now()
        typed = self.typed
        if typed.field is Field.ADMISSION_NO:
            if typed.admission_no and not typed.offered:
                self._typed = typed.at(Field.SECOND)
                await self.query_one(Pad).show_letters(False)
        elif typed.is_second_whole(now) and not self._busy:
            self._busy, self._error, self._by_card = True, None, False
            self._open(typed)
        elif typed.second and not self._busy:
            self._error = InvalidInput(_("Four characters, or eight digits: year, month, day."))
        self._show()

    def _took_card(self) -> bool:
        """Whether a card has just been read. Nothing of it stays on the screen: what stood there stands there again."""
        card = self._reading.end()
        if card is None:
            return False
        self._typed = self._before
        if not self._busy:
            self._busy, self._error, self._by_card = True, None, True
            self._open_by_card(card)
        self._show()
        return True

    def do_back(self) -> None:
        """The first question, or out."""
        if self.typed.field is Field.SECOND:
            self._typed = self.typed.cleared().at(Field.ADMISSION_NO)
            self._error = None
            self._show()
        else:
            self.leave()

    @work(thread=True, exit_on_error=False)
    def _open(self, typed: Typed) -> None:
        from bedside.usecases.session import open_session

        bed = self.bed
        number = admission_no_to_send(typed.admission_no, bed.terminal.replica.encounter_in(bed.place.bed))
        try:
            self.post_message(self.Came(open_session(bed.terminal, number, typed.second)))
        except WardlinkError as error:
            self.post_message(self.Refused(error))

    @work(thread=True, exit_on_error=False)
    def _open_by_card(self, card: ShownCard) -> None:
        from bedside.usecases.session import open_session_by_card

        try:
            self.post_message(self.Came(open_session_by_card(self.bed.terminal, card)))
        except WardlinkError as error:
            self.post_message(self.Refused(error))

    @on(Came)
    def _came(self, event: Came) -> None:
        self._busy = False
        self.bedside.opened_by(event.session)

    @on(Refused)
    def _refused(self, event: Refused) -> None:
        self._busy = False
        self._error = event.error
        if isinstance(event.error, SignInFailed) and event.error.message is None:
            # Nothing of a wrong answer stays on the screen; which of the two was wrong is never said.
            self._typed = None
        self._show()
