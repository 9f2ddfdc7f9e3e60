"""Orders and refunds as they stand in the database, and how they are found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Table, bindparam, func, select

from server.payments.models import PayNotice, PayOrder, PayRefund
from server.payments.states import order_machine, refund_machine
from wardlink.errors import NotFound

ORDER: Table = PayOrder.__table__  # type: ignore[attr-defined]
REFUND: Table = PayRefund.__table__  # type: ignore[attr-defined]
NOTICE: Table = PayNotice.__table__  # type: ignore[attr-defined]

Purpose = Literal["deposit", "settle", "meal", "copy"]


@dataclass(frozen=True)
class Order:
    """One payment order."""

    id: str
    encounter: str
    purpose: str
    amount_fen: int
    channel: str
    out_trade_no: str
    status: str
    qr: str | None
    expires_at: datetime
    channel_trade_no: str | None
    paid_fen: int | None
    paid_at: datetime | None
    refunded_fen: int
    late: bool
    fault: str | None
    created_at: datetime
    created_by: str
    device: str | None
    looks: int
    version: int

    @property
    def is_open(self) -> bool:
        """Whether it may still be paid."""
        return self.status in order_machine().groups["open"]

    @property
    def is_paid(self) -> bool:
        """Whether money has come in for it."""
        return self.status in order_machine().groups["paid"]


@dataclass(frozen=True)
class RefundRow:
    """One refund of an order."""

    id: str
    pay_order: str
    out_refund_no: str
    amount_fen: int
    status: str
    reason: str
    asked_by: str
    asked_at: datetime
    agreed_by: str | None
    agreed_at: datetime | None
    done_at: datetime | None
    channel_refund_no: str | None
    fault: str | None
    looks: int

    @property
    def is_open(self) -> bool:
        """Whether the channel has still to decide."""
        return self.status in refund_machine().groups["open"]


_ORDER_COLUMNS = [ORDER.c[field.name] for field in fields(Order)]
_REFUND_COLUMNS = [REFUND.c[field.name] for field in fields(RefundRow)]


def order_called(conn: Connection, id: str, *, to_write: bool = False) -> Order:
    """One order; `to_write`: nobody else may change it until this transaction ends.

    Raises:
        NotFound: there is none with this id.
    """
    found = orders_where(conn, ORDER.c.id == id, to_write=to_write)
    if not found:
        raise NotFound(what="payment", name=id)
    return found[0]


_BY_NUMBER = (
    select(*_ORDER_COLUMNS)
    .where(ORDER.c.channel == bindparam("of"), ORDER.c.out_trade_no == bindparam("numbered"))
    .with_for_update()
)


def order_numbered(conn: Connection, channel: str, out_trade_no: str) -> Order | None:
    """The order with this number at a channel, which nobody else may change until this transaction ends."""
    row = conn.execute(_BY_NUMBER, {"of": channel, "numbered": out_trade_no}).first()
    return None if row is None else Order(*row)


def orders_numbered(conn: Connection, numbers: Collection[tuple[str, str]]) -> dict[tuple[str, str], Order]:
    """Orders by channel and number, which nobody else may change until this transaction ends."""
    found: dict[tuple[str, str], Order] = {}
    for channel in sorted({channel for channel, _ in numbers}):
        of = [number for each, number in numbers if each == channel]
        query = select(*_ORDER_COLUMNS).where(ORDER.c.channel == channel, ORDER.c.out_trade_no.in_(of))
        for row in conn.execute(query.order_by(ORDER.c.id).with_for_update()):
            order = Order(*row)
            found[channel, order.out_trade_no] = order
    return found


def orders_where(conn: Connection, *where: ColumnElement[bool], to_write: bool = False) -> list[Order]:
    """Orders, the newest first."""
    query = select(*_ORDER_COLUMNS).where(*where).order_by(ORDER.c.created_at.desc(), ORDER.c.id.desc())
    return [Order(*row) for row in conn.execute(query.with_for_update() if to_write else query)]


def refund_called(conn: Connection, id: str, *, to_write: bool = False) -> RefundRow:
    """One refund.

    Raises:
        NotFound: there is none with this id.
    """
    found = refunds_where(conn, REFUND.c.id == id, to_write=to_write)
    if not found:
        raise NotFound(what="refund", name=id)
    return found[0]


def refunds_where(conn: Connection, *where: ColumnElement[bool], to_write: bool = False) -> list[RefundRow]:
    """Refunds, the oldest first."""
    query = select(*_REFUND_COLUMNS).where(*where).order_by(REFUND.c.asked_at, REFUND.c.id)
    return [RefundRow(*row) for row in conn.execute(query.with_for_update() if to_write else query)]


def held_fen(conn: Connection, order: str) -> int:
    """What of an order has been given back, or is spoken for."""
    held = refund_machine().groups["held"]
    query = select(func.coalesce(func.sum(REFUND.c.amount_fen), 0))
    return int(conn.execute(query.where(REFUND.c.pay_order == order, REFUND.c.status.in_(held))).scalar_one())


def due(conn: Connection, table: Table, now: datetime, limit: int) -> Sequence[Any]:
    """Id and channel of what is to be looked at, the longest waiting first."""
    query = select(table.c.id, ORDER.c.channel).where(table.c.next_look_at <= now)
    if table is REFUND:
        query = query.join(ORDER, ORDER.c.id == REFUND.c.pay_order)
    return conn.execute(query.order_by(table.c.next_look_at, table.c.id).limit(limit)).all()
