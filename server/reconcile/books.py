"""Our side of a day: what was paid and given back through one channel, read with few columns and held small."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from sys import intern
from typing import Any

from sqlalchemy import Connection, Select, func, select

from server.payments.rows import ORDER, REFUND
from server.payments.states import order_machine, refund_machine
from server.reconcile.matching import Moved, Ours, Subject
from wardlink.clock import WARD_ZONE, ward_date

_AT_ONCE = 500
_STREAMED = {"yield_per": 5_000}

Books = dict[tuple[Subject, str], Ours]

# What was written as sent may have been booked there the same moment; when it was done may be days later.
_REFUND_AT = func.coalesce(REFUND.c.sent_at, REFUND.c.done_at)


def of_day(conn: Connection, channel: str, on: date) -> Books:
    """Everything that has moved money on this day of the ward's, by our books."""
    since = datetime.combine(on, datetime.min.time(), WARD_ZONE)
    until = since + timedelta(days=1)
    paid = _orders().where(
        ORDER.c.channel == channel,
        ORDER.c.status.in_(order_machine().groups["paid"]),
        ORDER.c.paid_at >= since,
        ORDER.c.paid_at < until,
    )
    given_back = _refunds().where(
        ORDER.c.channel == channel, REFUND.c.status == "done", since <= _REFUND_AT, until > _REFUND_AT
    )
    return {(ours.subject, ours.number): ours for query in (paid, given_back) for ours in _read(conn, query, on)}


def known(conn: Connection, channel: str, payments: Sequence[str], refunds: Sequence[str]) -> Books:
    """What our books say of these numbers, whatever the day and however they stand."""
    found: Books = {}
    for query, column, numbers in (
        (_orders(), ORDER.c.out_trade_no, payments),
        (_refunds(), REFUND.c.out_refund_no, refunds),
    ):
        for start in range(0, len(numbers), _AT_ONCE):
            part = numbers[start : start + _AT_ONCE]
            for ours in _read(conn, query.where(ORDER.c.channel == channel, column.in_(part))):
                found[ours.subject, ours.number] = ours
    return found


def _orders() -> Select[Any]:
    c = ORDER.c
    return select(c.id, c.out_trade_no, func.coalesce(c.paid_fen, c.amount_fen), c.status, c.paid_at)


def _refunds() -> Select[Any]:
    c = REFUND.c
    joined = REFUND.join(ORDER, ORDER.c.id == c.pay_order)
    return select(c.pay_order, c.out_refund_no, c.amount_fen, c.status, _REFUND_AT.label("sent_at")).select_from(joined)


def _read(conn: Connection, query: Select[Any], on: date | None = None) -> Iterator[Ours]:
    # `on`: the day is known; asking for it again in every row takes as long as all the rest.
    subject: Subject = "refund" if "out_refund_no" in query.selected_columns else "payment"
    if on is not None:
        short = query.with_only_columns(*list(query.selected_columns)[:-1])
        with conn.execute(short, execution_options=_STREAMED) as rows:
            for id, number, fen, state in rows:
                yield Ours(subject, number, id, fen, "yes", intern(state), on)
        return
    with conn.execute(query, execution_options=_STREAMED) as rows:
        for id, number, fen, state, at in rows:
            moved = _moved(subject, state)
            yield Ours(subject, number, id, fen, moved, state, ward_date(at) if moved == "yes" and at else None)


def _moved(subject: Subject, state: str) -> Moved:
    if subject == "payment":
        groups = order_machine().groups
        return "yes" if state in groups["paid"] else "open" if state in groups["open"] else "no"
    return "yes" if state == "done" else "open" if state in refund_machine().groups["open"] else "no"
