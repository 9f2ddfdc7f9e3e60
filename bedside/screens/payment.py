"""One payment: the code, how long it holds, and what became of it. A result that is not known is said to be unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget

from bedside.screens.base import BedScreen
from bedside.usecases.paying import IDLE_S, LOOK_EVERY_S, Stage, amount_text, said, stage_of
from bedside.widgets.code import Code
from bedside.widgets.header import Header
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.errors import Collision, InvalidInput, NotAllowed, WardlinkError
from wardlink.i18n import domain

if TYPE_CHECKING:
    from bedside.ports import Till
    from wardlink.messages.payments import NewPayment, PaymentView

_ = domain("bedside").gettext

_DONE = (Stage.PAID, Stage.GOES_BACK)


class PaymentScreen(BedScreen):
    """Made from what is wanted, or from a payment that there is already."""

    is_private: ClassVar[bool] = True
    keeps_front: ClassVar[bool] = True
    idle_s: ClassVar[float | None] = IDLE_S

    class Came(Message):
        """How it stands now."""

        def __init__(self, view: PaymentView) -> None:
            super().__init__()
            self.view = view

    class Away(Message):
        """No answer, or none that says how it stands."""

        def __init__(self, error: WardlinkError) -> None:
            super().__init__()
            self.error = error

    def __init__(self, *, wanted: NewPayment | None = None, view: PaymentView | None = None) -> None:
        super().__init__()
        self._wanted, self._view = wanted, view
        self._error: WardlinkError | None = None
        self._busy = False
        self._asked_s = float("-inf")

    def body(self) -> Iterable[Widget]:
        """The code, and the words beside it."""
        words = Vertical(
            Words(id="payment-what", classes="title"),
            Words(id="payment-state"),
            Words(id="payment-more", classes="prose"),
            id="payment-words",
        )
        yield Horizontal(Code(id="payment-code"), words, id="payment")

    def right(self) -> Sequence[Touch]:
        """What can be done now."""
        return [Touch(_("I have paid"), "main", kind="main", id="main")]

    def first_focus(self) -> Widget | None:
        """The main action."""
        return self.query_one("#main")

    def begin(self) -> None:
        """Have a code made, or look at what there is."""
        self._show()
        self._look()

    def on_resize(self) -> None:
        """The code may fit now, or no longer."""
        self.call_after_refresh(self._show)

    async def speak_anew(self) -> None:
        """The same in the other language."""
        await super().speak_anew()
        self._show()
        # The code knows only then whether it fits.
        self.call_after_refresh(self._show)

    def tick(self) -> None:
        """The countdown; and how it stands, every other second, until that is decided."""
        super().tick()
        self._show()
        bed = self.bedside.bed
        if bed is None or self._busy or self.stage in (*_DONE, Stage.CLOSED):
            return
        if bed.terminal.clock.monotonic_s() - self._asked_s >= LOOK_EVERY_S:
            self._look()

    @property
    def stage(self) -> Stage:
        """How it stands, as far as is known here."""
        bed = self.bedside.bed
        if self._view is None or bed is None:
            return Stage.CONFIRMING
        found = stage_of(self._view, bed.terminal.clock.now())
        # Without the server nobody here sees whether a code was paid.
        return Stage.CONFIRMING if found is Stage.CODE and self._error is not None else found

    # -- what is shown

    def _show(self) -> None:
        bed = self.bedside.bed
        if bed is None or not self.stands:
            return
        stage, view = self.stage, self._view
        amount_fen = view.amount_fen if view else self._wanted.amount_fen if self._wanted else 0
        self.query_one("#payment-what", Words).show("  ".join((_("Pay deposit"), amount_text(amount_fen))))
        state, *more = self._said()
        self._show_code(view.qr or "" if view and stage is Stage.CODE else "")
        if stage is Stage.CODE and not self.query_one(Code).display:
            state = _("The code does not fit on this screen. Please pay at the cashier's desk.")
        words = self.query_one("#payment-state", Words)
        words.show(state)
        words.set_class(stage in _DONE, "-done")
        words.set_class(stage is Stage.CONFIRMING and view is not None, "-trouble")
        self.query_one("#payment-more", Words).show("\n".join(more))
        self.query_one("#main", Touch).show(self._main_text(stage))

    def _show_code(self, text: str) -> None:
        code, header = self.query_one(Code), self.query_one(Header)
        # In a low window the code needs the rows of the header; whether it fits is known when they are free.
        is_seen = not (text and self.has_class("-short"))
        if header.display != is_seen:
            header.display = is_seen
            self.call_after_refresh(self._show)
        code.show(text)
        code.fit(self.query_one("#payment").size)
        code.display = bool(text) and code.fits(self.query_one("#payment").size)

    def _said(self) -> list[str]:
        bed, view = self.bed, self._view
        if view is None:
            if isinstance(self._error, (Collision, InvalidInput, NotAllowed)):
                return [_("This payment cannot be made here. Please pay at the cashier's desk."), self._error.text()]
            if self._error is not None:
                return [
                    _("No connection to the hospital's server: there is no code yet"),
                    _("It is tried again by itself. Nothing was paid. The cashier takes deposits as well."),
                ]
            return [_("One moment: the code is being made ...")]
        if self._error is not None and stage_of(view, bed.terminal.clock.now()) in (Stage.CODE, Stage.CONFIRMING):
            return [
                _("No connection: the result of the payment is being confirmed"),
                _("If you have paid, do not pay again: nothing is lost. It is shown here as soon as it is known."),
            ]
        return said(view, bed.terminal.clock.now())

    def _main_text(self, stage: Stage) -> str:
        if stage in _DONE:
            return _("Finish")
        return _("New code") if stage is Stage.CLOSED else _("I have paid")

    # -- what is done

    def do_main(self) -> None:
        """Ask whether it is paid; after its end a new code, or back to the beginning."""
        stage = self.stage
        if stage in _DONE:
            self.bedside.do_home()
        elif stage is Stage.CLOSED and self._view is not None:
            from wardlink.ids import new_id
            from wardlink.messages.payments import NewPayment

            view = self._view
            self._wanted = NewPayment(key=new_id(), amount_fen=view.amount_fen, channel=view.channel)
            self._view, self._error = None, None
            self._look()
        elif not self._busy:
            self._look(is_sure=True)
        self._show()

    def do_back(self) -> None:
        """Out; a code that nobody sees any more shall not be paid. What was paid meanwhile stays paid."""
        if self._view is not None and self.stage is Stage.CODE:
            self._close(self._view.id)
        else:
            self.leave()

    @work(thread=True, exclusive=True, group="till", exit_on_error=False)
    def _look(self, *, is_sure: bool = False) -> None:
        bed, view, wanted = self.bed, self._view, self._wanted
        if bed.session is None:
            return
        till, encounter = bed.terminal.till, bed.session.encounter
        if view is not None:
            self._ask((lambda: till.confirm(view.id)) if is_sure else (lambda: till.look(view.id)))
        elif wanted is not None:
            self._ask(lambda: till.begin(encounter, wanted))

    @work(thread=True, exclusive=True, group="till", exit_on_error=False)
    def _close(self, id: str) -> None:
        till: Till = self.bed.terminal.till
        self._ask(lambda: till.close(id))
        self.app.call_from_thread(self.leave)

    def _ask(self, question: Callable[[], PaymentView]) -> None:
        self._busy, self._asked_s = True, self.bed.terminal.clock.monotonic_s()
        try:
            self.post_message(self.Came(question()))
        except WardlinkError as error:
            self.post_message(self.Away(error))
        finally:
            self._busy = False

    @on(Came)
    def _came(self, came: Came) -> None:
        before = self._view
        if before is not None and (before.id, before.version) == (came.view.id, came.view.version):
            self._error = None
        elif before is None or before.id != came.view.id or before.version < came.view.version:
            self._view, self._error = came.view, None
            if self.stage in _DONE:
                self.bedside.stay_awake()
        self._show()

    @on(Away)
    def _away(self, away: Away) -> None:
        self._error = away.error
        self._show()
