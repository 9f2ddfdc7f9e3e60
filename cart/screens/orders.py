"""Orders of a patient, or of the whole ward: what must be taken over, checked or noticed comes first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from cart.keys import Key, bindings
from cart.screens.base import CartScreen
from cart.screens.question import Question
from cart.usecases.order_words import ASKED, alert_text, how_text, kind_text, state_text, story, what_text
from cart.usecases.orders import REJECT_REASONS, check, may_check, orders_of, reject
from cart.usecases.words import due_text, word
from cart.widgets.grid import Cell, Column, Grid, Line
from cart.widgets.identity import Identity
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from datetime import datetime

    from cart.usecases.orders import Asked, ShownOrder
    from cart.usecases.session import Session
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.orders import OrderView

_ = domain("cart").gettext

_TONES = {"active": "good", "on-hold": "warn", "stopped": "dim", "completed": "dim", "rejected": "dim"}
_DONE = {
    "transcribed": N_("The order is taken over. Another nurse must check it."),
    "checked": N_("The order is checked and will be carried out."),
    "stop-seen": N_("Noted that you have seen the stop."),
}


class OrdersScreen(CartScreen):
    """A list of orders. `encounter` None: those of the whole ward."""

    KEYS: ClassVar = (
        Key("enter", "handle", N_("Open"), N_("Read an order; take it over, check it, or send it back.")),
        Key("escape", "back", N_("Back"), N_("Back.")),
    )
    BINDINGS = bindings(KEYS)

    class Read(Message):
        """The orders as they are now."""

        def __init__(self, orders: list[ShownOrder], stay: EncounterView | None, others: tuple[str, ...]) -> None:
            super().__init__()
            self.orders = orders
            self.stay = stay
            self.others = others

    def __init__(self, encounter: str | None = None) -> None:
        super().__init__()
        self.encounter = encounter
        self._orders: list[ShownOrder] = []
        self._stay: EncounterView | None = None
        self._others: tuple[str, ...] = ()
        self._is_noted = False

    def body(self) -> Iterable[Widget]:
        """A heading and the list."""
        if self.encounter is None:
            yield Static(_("Orders that wait for a nurse"), classes="heading", markup=False)
        else:
            yield Identity(id="who")
        yield Grid(id="orders")

    def on_mount(self) -> None:
        """Begin with the list."""
        self.query_one(Grid).focus()

    def ward_changed(self) -> None:
        """Read the orders again; the first time, write down whose were opened."""
        self._read_ward()

    @work(thread=True, exclusive=True, group="orders", exit_on_error=False)
    def _read_ward(self) -> None:
        from cart.usecases.patient import names_alike
        from cart.usecases.session import opened

        desk = self.cart.desk
        if desk is None or desk.session is None:
            return
        board = desk.ward.replica
        stay = board.encounter(self.encounter) if self.encounter else None
        orders = orders_of(board, desk.ward.clock.now(), encounter=self.encounter)
        self.post_message(self.Read(orders, stay, names_alike(board, stay) if stay else ()))
        if self.encounter is not None and not self._is_noted:
            self._is_noted = True
            opened(desk.ward, desk.session, self.encounter, "orders")

    @on(Read)
    def _read(self, event: Read) -> None:
        self._orders, self._stay, self._others = event.orders, event.stay, event.others
        self._show()

    def tick(self) -> None:
        """What is due has come nearer."""
        self._show()

    def on_resize(self) -> None:
        """Other columns fit."""
        self._show()

    def _show(self) -> None:
        if self.cart.desk is None or not self.query("#orders"):
            return
        now = self.desk.ward.clock.now()
        if self._stay is not None and self.query(Identity):
            self.query_one(Identity).show(self._stay, self._others, now)
        is_wide = self.size.width >= 110
        of_ward = self.encounter is None
        empty = _("No order waits for a nurse.") if of_ward else _("No orders here.")
        lines = [_line(shown, now, is_wide=is_wide, of_ward=of_ward) for shown in self._orders]
        self.query_one(Grid).show(_columns(is_wide=is_wide, of_ward=of_ward), lines, empty=empty)

    @on(Grid.Chosen)
    def _chosen(self, event: Grid.Chosen) -> None:
        self.action_handle()

    def action_handle(self) -> None:
        """Tell the order under the cursor, and ask what shall be done."""
        key = self.query_one(Grid).key
        shown = next((shown for shown in self._orders if shown.order.id == key), None)
        if shown is None:
            return
        session, order = self.session, shown.order

        def asked() -> str:
            said = story(order, shown.stay, self.desk.ward.clock.now())
            if shown.asked == "checked" and not may_check(order, session):
                said += "\n" + _("You took it over yourself: another nurse must check it.")
            return said

        def answered(answer: str | None) -> None:
            if answer == "reject":
                self._ask_why(order, session)
            elif answer is not None and shown.asked is not None:
                self._check(order, shown.asked, session)

        self.app.push_screen(Question(asked, _options(shown, session)), answered)

    def _ask_why(self, order: OrderView, session: Session) -> None:
        def asked() -> str:
            return _("Why is this order sent back to the doctor?") + "\n" + what_text(order)

        def answered(reason: str | None) -> None:
            if reason is not None:
                self._reject(order, reason, session)

        options = tuple((_(text), text) for text in REJECT_REASONS)
        self.app.push_screen(Question(asked, options, other=N_("another reason"), is_grave=True), answered)

    @work(thread=True, exit_on_error=False)
    def _check(self, order: OrderView, step: Asked, session: Session) -> None:
        check(self.desk.ward, session, order, step)
        self.app.call_from_thread(self.notify, _(_DONE[step]))
        self.ward_changed()

    @work(thread=True, exit_on_error=False)
    def _reject(self, order: OrderView, reason: str, session: Session) -> None:
        reject(self.desk.ward, session, order, reason)
        self.app.call_from_thread(self.notify, _("The order goes back to the doctor."))
        self.ward_changed()

    def action_back(self) -> None:
        """Back."""
        self.dismiss()


def _options(shown: ShownOrder, session: Session) -> tuple[tuple[str, str], ...]:
    options: list[tuple[str, str]] = []
    if shown.asked == "transcribed":
        options.append(("check", N_("take it over")))
    elif shown.asked == "checked" and may_check(shown.order, session):
        options.append(("check", N_("checked: it is right")))
    elif shown.asked == "stop-seen":
        options.append(("check", N_("I have seen that it ended")))
    if shown.asked in ("transcribed", "checked"):
        options.append(("reject", N_("send it back to the doctor")))
    return tuple(options)


def _columns(*, is_wide: bool, of_ward: bool) -> tuple[Column, ...]:
    whose = (Column(_("Bed"), 4, "right"), Column(_("Name"), 12 if is_wide else 8)) if of_ward else ()
    return (
        *whose,
        Column(_("To do"), 10),
        Column(_("State"), 9),
        *((Column(_("Kind"), 9),) if is_wide else ()),
        Column(_("What"), 20, grow=True),
        *((Column(_("How"), 26),) if is_wide else ()),
        *((Column(_("Careful"), 16),) if is_wide and not of_ward else ()),
        Column(_("Next"), 8),
    )


def _line(shown: ShownOrder, now: datetime, *, is_wide: bool, of_ward: bool) -> Line:
    order, due_at = shown.order, shown.next_due_at
    whose = (Cell(shown.stay.bed, "strong"), Cell(plain(shown.stay.name), "strong")) if of_ward else ()
    tone = "dim" if order.state in ("stopped", "cancelled", "completed", "rejected", "entered-in-error") else "strong"
    late = due_at is not None and due_at <= now
    alert = alert_text(order)
    what = what_text(order) if is_wide else " ".join(filter(None, (what_text(order), how_text(order))))
    return Line(
        order.id,
        (
            *whose,
            Cell(word(ASKED, shown.asked) if shown.asked else "", "warn"),
            Cell(state_text(order.state), _TONES.get(order.state, "plain")),
            *((Cell(kind_text(order.kind)),) if is_wide else ()),
            Cell(("⚠ " if alert and not (is_wide and not of_ward) else "") + what, tone),
            *((Cell(how_text(order)),) if is_wide else ()),
            *((Cell(alert, "warn"),) if is_wide and not of_ward else ()),
            Cell(due_text(due_at, now) if due_at is not None else "—", "warn" if late else "plain"),
        ),
    )
