"""Refunds: asked for by one person, agreed to by another, then sent until the channel has decided."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from server.core import Core
from server.identity import audit
from server.patients.models import Encounter
from server.payments.booking import (
    agree,
    later_refund,
    mark_refund_refused,
    mark_refunded,
    move_refund,
    write_refund,
)
from server.payments.orders import By, Orders
from server.payments.port import ChannelAway, Refund, RefundAsk, RefundFound
from server.payments.rows import ORDER, REFUND, Order, RefundRow, held_fen, order_called, refund_called, refunds_where
from server.payments.states import refund_machine
from wardlink.errors import Collision, NotAllowed
from wardlink.i18n import N_
from wardlink.money import yuan

_NOT_PAID = N_("This has not been paid; there is nothing to give back.")
_TOO_MUCH = N_("At most {most} yuan of this payment can be given back.")
_OTHER_REFUND = N_("Under this number another refund was asked for. Please begin again.")
_SECOND_PERSON = N_("Somebody else than the one who asked for it must agree to a refund.")
_DECIDED = N_("This refund has been decided already.")


class RefundTooMuch(Collision):
    """More than was paid, less what is given back or spoken for already."""

    code = "refund-too-much"
    sentence = _TOO_MUCH


class Refunds:
    """Refunds of the orders of `orders`."""

    def __init__(self, core: Core, orders: Orders) -> None:
        self._core = core
        self._orders = orders

    def called(self, id: str) -> RefundRow:
        """One refund as we know it.

        Raises:
            NotFound: there is none with this id.
        """
        with self._core.db.read() as conn:
            return refund_called(conn, id)

    def of_order(self, order: str) -> list[RefundRow]:
        """The refunds of an order, the oldest first."""
        with self._core.db.read() as conn:
            return refunds_where(conn, REFUND.c.pay_order == order)

    def waiting(self, wards: Sequence[str] | None = None) -> list[RefundRow]:
        """What somebody has asked for and nobody has decided, the oldest first; `wards` None: of all of them."""
        stays = select(ORDER.c.id).join(Encounter, col(Encounter.id) == ORDER.c.encounter)
        if wards is not None:
            stays = stays.where(col(Encounter.ward).in_(wards))
        with self._core.db.read() as conn:
            return refunds_where(conn, REFUND.c.status == refund_machine().start, REFUND.c.pay_order.in_(stays))

    def ask(self, order: str, *, key: str, amount_fen: int, reason: str, by: By) -> RefundRow:
        """Ask for money of an order to be given back; the same key again is the same refund.

        An order that we do not know as paid is asked of the channel first.

        Raises:
            NotFound: there is no such order.
            RefundTooMuch: more than is left of it.
            Collision: it has not been paid, or the key stands for something else.
        """
        if not self._orders.called(order).is_paid:
            self._orders.look(order)
        try:
            with self._core.db.write() as conn:
                found = order_called(conn, order, to_write=True)
                known = refunds_where(conn, REFUND.c.key == key)
                if known:
                    return _same(known[0], order, amount_fen)
                if not found.is_paid:
                    raise Collision(_NOT_PAID)
                left = (found.paid_fen or 0) - held_fen(conn, order)
                if amount_fen > left:
                    raise RefundTooMuch(most=yuan(left))
                now = self._core.clock.now()
                id = write_refund(conn, order, key, amount_fen, reason, by.actor, now)
                self._note(conn, by, "refund-asked", id, found, amount_fen=amount_fen, payment=order)
                return refund_called(conn, id)
        except IntegrityError:
            # The same, asked for in the same moment.
            with self._core.db.read() as conn:
                known = refunds_where(conn, REFUND.c.key == key)
            if not known:
                raise
            return _same(known[0], order, amount_fen)

    def agree(self, id: str, by: By) -> RefundRow:
        """A second person agrees; it is sent at once, and again until the channel has decided.

        Raises:
            NotFound: there is none with this id.
            NotAllowed: it is the same person.
            Collision: it was decided already.
            AmountInvalid: the deposit is needed for what was charged meanwhile.
        """
        with self._core.db.write() as conn:
            found = refund_called(conn, id, to_write=True)
            if found.asked_by == by.actor:
                raise NotAllowed(_SECOND_PERSON)
            if not agree(conn, found, by.actor, self._core.clock.now()):
                raise Collision(_DECIDED)
            order = order_called(conn, found.pay_order)
            self._note(conn, by, "refund-agreed", id, order, amount_fen=found.amount_fen)
        return self.push(id)

    def decline(self, id: str, by: By, reason: str) -> RefundRow:
        """Do not give it back.

        Raises:
            NotFound: there is none with this id.
            Collision: it was decided already.
        """
        with self._core.db.write() as conn:
            found = refund_called(conn, id, to_write=True)
            if not move_refund(conn, id, "decline", agreed_by=by.actor, agreed_at=self._core.clock.now()):
                raise Collision(_DECIDED)
            order = order_called(conn, found.pay_order)
            self._note(conn, by, "refund-declined", id, order, reason=reason)
            return refund_called(conn, id)

    def push(self, id: str) -> RefundRow:
        """Bring an agreed refund one step further with the channel. Nothing where it is decided.

        Raises:
            NotFound: there is none with this id.
        """
        with self._core.db.read() as conn:
            refund = refund_called(conn, id)
            order = order_called(conn, refund.pay_order)
        if not refund.is_open:
            return refund
        # What may have been sent is asked about first; only what the channel has never heard of goes out (again).
        found = RefundFound(Refund.ABSENT) if refund.status == "approved" else self._found(order, refund)
        if found.state is Refund.ABSENT:
            found = self._send(order, refund)
        with self._core.db.write() as conn:
            now = self._core.clock.now()
            if found.state is Refund.DONE:
                mark_refunded(conn, id, found, now)
            elif found.state is Refund.REFUSED:
                mark_refund_refused(conn, id, found, now)
            else:
                later_refund(conn, refund, now)
            return refund_called(conn, id)

    def _send(self, order: Order, refund: RefundRow) -> RefundFound:
        with self._core.db.write() as conn:
            if not move_refund(conn, refund.id, "send", sent_at=self._core.clock.now()):
                return RefundFound(Refund.UNKNOWN)
        ask = RefundAsk(order.out_trade_no, refund.out_refund_no, refund.amount_fen, order.paid_fen or 0, refund.reason)
        try:
            return self._orders.provider(order.channel).refund(ask)
        except ChannelAway:
            return RefundFound(Refund.UNKNOWN)

    def _found(self, order: Order, refund: RefundRow) -> RefundFound:
        try:
            return self._orders.provider(order.channel).query_refund(order.out_trade_no, refund.out_refund_no)
        except ChannelAway:
            return RefundFound(Refund.UNKNOWN)

    def _note(self, conn: Connection, by: By, action: str, refund: str, order: Order, **detail: object) -> None:
        audit.append(
            conn,
            at=self._core.clock.now(),
            actor=by.actor,
            device=by.device,
            action=action,
            what=f"refund {refund}",
            encounter=order.encounter,
            command=None,
            detail=detail,
        )


def _same(known: RefundRow, order: str, amount_fen: int) -> RefundRow:
    if (known.pay_order, known.amount_fen) != (order, amount_fen):
        raise Collision(_OTHER_REFUND)
    return known
