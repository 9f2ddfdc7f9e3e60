"""Pay a deposit: how much, and by which way. The code comes on the next page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.message import Message
from textual.widget import Widget

from bedside.screens.base import BedScreen
from bedside.usecases.paying import (
    IDLE_S,
    OFFERED_FEN,
    Stage,
    amount_text,
    channel_text,
    last_text,
    next_way,
    stage_of,
)
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.errors import WardlinkError
from wardlink.i18n import domain

if TYPE_CHECKING:
    from wardlink.messages.payments import PaymentView

_ = domain("bedside").gettext

AGAIN_EVERY_S = 5.0
"""While the server is away it is asked again by itself."""


class PayScreen(BedScreen):
    """Amounts of one touch; a payment that is still open is shown instead of them."""

    is_private: ClassVar[bool] = True
    idle_s: ClassVar[float | None] = IDLE_S

    class Known(Message):
        """The ways to pay, and the payments of this stay."""

        def __init__(self, ways: list[str], payments: list[PaymentView]) -> None:
            super().__init__()
            self.ways, self.payments = ways, payments

    class Away(Message):
        """The server has not answered, or not as it should."""

        def __init__(self, error: WardlinkError) -> None:
            super().__init__()
            self.error = error

    def __init__(self) -> None:
        super().__init__()
        self._ways: list[str] | None = None
        self._way = ""
        self._payments: list[PaymentView] = []
        self._error: WardlinkError | None = None
        self._asked_s = 0.0
        self._may_go_on = True

    def body(self) -> Iterable[Widget]:
        """What is to be known first, and the amounts."""
        yield Words(_("Pay deposit"), classes="title")
        yield Words(id="pay-said", classes="prose")
        keys = [Touch(amount_text(each), f"amount:{each}", id=f"pay-{each // 100}") for each in OFFERED_FEN]
        other = Touch(_("Another amount"), "other", kind="quiet", id="pay-other")
        amounts = Choices([*keys, other, Touch("", "way", kind="quiet", id="pay-way")], id="pay-amounts")
        # Until the ways are known, nothing can be paid.
        amounts.display = False
        yield amounts

    def begin(self) -> None:
        """Ask how it stands."""
        self._show()
        self._ask()

    def on_screen_resume(self) -> None:
        """Back from a payment: it may be paid."""
        self.show_frame()
        if self._ways is not None:
            self._ask()

    async def speak_anew(self) -> None:
        """The same in the other language."""
        await super().speak_anew()
        self._show()

    def tick(self) -> None:
        """While there is no answer, ask again."""
        super().tick()
        bed = self.bedside.bed
        if self._error is not None and bed and bed.terminal.clock.monotonic_s() - self._asked_s >= AGAIN_EVERY_S:
            self._ask()

    def first_focus(self) -> Widget | None:
        """The first amount, if it can be had."""
        return self.query_one("#pay-200" if self._can_pay else "#back")

    @property
    def _can_pay(self) -> bool:
        return bool(self._ways) and self._error is None

    def _show(self) -> None:
        if not self.stands:
            return
        words, amounts = self.query_one("#pay-said", Words), self.query_one("#pay-amounts", Choices)
        words.show(self._said())
        words.set_class(self._error is not None, "-trouble")
        amounts.display = self._can_pay
        way = self.query_one("#pay-way", Touch)
        several = len(self._ways or ()) > 1
        way.show(channel_text(self._way), [_("touch for another way")] if several else [])
        way.display = several

    def _said(self) -> str:
        if self._error is not None:
            away = _("No connection to the hospital's server: you cannot pay here now. It is tried again by itself.")
            return "\n".join((away, _("The cashier takes deposits as well.")))
        if self._ways is None:
            return _("One moment ...")
        if not self._ways:
            return _("Paying by telephone is not switched on here. The cashier takes deposits.")
        last = last_text(self._payments, self.bed.terminal.clock.now())
        return "\n".join((*([last] if last else []), _("How much?")))

    @work(thread=True, exclusive=True, group="till", exit_on_error=False)
    def _ask(self) -> None:
        bed = self.bed
        if bed.session is None:
            return
        self._asked_s = bed.terminal.clock.monotonic_s()
        try:
            ways = bed.terminal.till.ways()
            found = bed.terminal.till.of_stay(bed.session.encounter) if ways else []
        except WardlinkError as error:
            self.post_message(self.Away(error))
        else:
            self.post_message(self.Known(ways, found))

    @on(Known)
    def _known(self, known: Known) -> None:
        from bedside.screens.payment import PaymentScreen

        self._ways, self._payments, self._error = known.ways, known.payments, None
        if self._way not in known.ways:
            self._way = known.ways[0] if known.ways else ""
        self._show()
        if not self.focused or self.focused.id == "back":
            self.call_after_refresh(lambda: self.stands and self.query_one("#pay-200").focus(scroll_visible=False))
        bed = self.bedside.bed
        if bed is None or self.app.screen is not self or not self._may_go_on:
            return
        self._may_go_on = False
        if known.payments and stage_of(known.payments[0], bed.terminal.clock.now()) is Stage.CODE:
            # Whoever comes back to a code that holds sees that one: nobody pays twice.
            self.app.push_screen(PaymentScreen(view=known.payments[0]))

    @on(Away)
    def _away(self, away: Away) -> None:
        self._error = away.error
        self._show()
        if self.stands:
            self.query_one("#back").focus(scroll_visible=False)

    def do_way(self) -> None:
        """Another way to pay, where there are several."""
        if not self._can_pay:
            return
        self._way = next_way(self._ways or [], self._way)
        self._show()

    def do_amount(self, amount_fen: str) -> None:
        """This much."""
        self.pay(int(amount_fen))

    def do_other(self) -> None:
        """Another amount, by the pad."""
        from bedside.screens.pay_amount import PayAmountScreen

        self.app.push_screen(PayAmountScreen(self.pay))

    def pay(self, amount_fen: int) -> None:
        """Have a code made for this much; not while it is not known by which way."""
        if not self._can_pay:
            return
        from bedside.screens.payment import PaymentScreen
        from wardlink.ids import new_id
        from wardlink.messages.payments import NewPayment

        wanted = NewPayment(key=new_id(), amount_fen=amount_fen, channel=self._way)
        self.app.push_screen(PaymentScreen(wanted=wanted))

    def left(self) -> Sequence[Touch]:
        """The way back."""
        return [Touch(_("Back"), "back", id="back")]
