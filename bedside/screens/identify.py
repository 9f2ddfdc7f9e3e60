"""Who are you? The admission number, then a second thing that only the patient is likely to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events, on, work

from bedside.screens.pad_page import PadPage
from bedside.usecases.shown import Reading
from bedside.usecases.typed import DIGITS, LETTERS, Field, Typed, admission_no_to_send, prefix_of
from bedside.widgets.pad import DELETE, OTHER, TURN, Pad
from wardlink.errors import InvalidInput, NotAllowed, SignInFailed, Unreachable, WardlinkError
from wardlink.i18n import N_, domain

if TYPE_CHECKING:
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


class IdentifyScreen(PadPage):
    """Two answers by the pad, or by a keyboard if there is one."""

    def __init__(self) -> None:
        super().__init__()
        self._typed: Typed | None = None
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

    def begin(self) -> None:
        """Begin with the first key."""
        self.show_typed()

    def key_text(self, key: str) -> str:
        """Digits or letters, and keys in words."""
        if key == DELETE:
            return _("Delete")
        if key == TURN:
            return _("More")
        if key == OTHER:
            if self._typed is not None and self._typed.field is Field.SECOND:
                return "X"
            return "123" if self.query(Pad) and self.query_one(Pad).letters else "ABC"
        return key

    async def speak_anew(self) -> None:
        """What was typed stays."""
        await super().speak_anew()
        self.show_typed()

    def show_typed(self) -> None:
        """What was typed of which of the two."""
        if not self.stands:
            return
        if self.typed.field is Field.ADMISSION_NO:
            asked, on = _("1 of 2: your admission number, on your wristband"), _("Next")
        else:
            asked, on = _("2 of 2: last four of your ID number, or birthday 19500517"), _("Open")
        self.show_page(asked, self.typed.text, self._trouble(), on)

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
        self.show_typed()

    def _type(self, key: str) -> None:
        self._error = None
        if not self._busy:
            self._typed = self.typed.back() if key == DELETE else self.typed.add(key)
        self.show_typed()

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
        self.show_typed()

    def _took_card(self) -> bool:
        """Whether a card has just been read. Nothing of it stays on the screen: what stood there stands there again."""
        card = self._reading.end()
        if card is None:
            return False
        self._typed = self._before
        if not self._busy:
            self._busy, self._error, self._by_card = True, None, True
            self._open_by_card(card)
        self.show_typed()
        return True

    def do_back(self) -> None:
        """The first question, or out."""
        if self.typed.field is Field.SECOND:
            self._typed = self.typed.cleared().at(Field.ADMISSION_NO)
            self._error = None
            self.show_typed()
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

    @on(PadPage.Came)
    def _came(self, event: PadPage.Came) -> None:
        self._busy = False
        self.bedside.opened_by(event.session)

    @on(PadPage.Refused)
    def _refused(self, event: PadPage.Refused) -> None:
        self._busy = False
        self._error = event.error
        if isinstance(event.error, SignInFailed) and event.error.message is None:
            # Nothing of a wrong answer stays on the screen; which of the two was wrong is never said.
            self._typed = None
        self.show_typed()
