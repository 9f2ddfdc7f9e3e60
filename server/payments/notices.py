"""What channels say by themselves: the signature of the raw bytes first, then time, merchant, order and amount.

A notice is a convenience. Whatever is not believed here is found by asking, so that nothing depends on it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, bindparam, insert, select, update

from server.core import Core
from server.payments.booking import mark_paid, mark_refund_refused, mark_refunded
from server.payments.orders import Orders
from server.payments.policy import policy
from server.payments.port import Notice, NoticeAnswer, NoticeForged, Provider, Refund, Trade
from server.payments.rows import NOTICE, ORDER, REFUND, Order, RefundRow, order_numbered, refunds_where
from server.payments.states import order_machine

log = structlog.get_logger(__name__)

ACCEPTED = "accepted"
FORGED = "forged"


def fault_of(
    notice: Notice,
    *,
    merchant: str,
    now: datetime,
    skew: timedelta,
    order: Order | None,
    refund: RefundRow | None,
) -> str | None:
    """Why this notice, genuinely signed, is not believed: one short code; None: it is."""
    if not -skew <= now - notice.sent_at <= skew:
        return "time"
    if notice.merchant != merchant:
        return "merchant"
    if notice.kind == "other":
        return None
    if order is None:
        return "order"
    if notice.currency != "CNY":
        return "currency"
    if notice.kind == "refund":
        if refund is None or refund.pay_order != order.id:
            return "refund"
        told = notice.refund
        return "amount" if told is None or told.refund_fen not in (None, refund.amount_fen) else None
    found = notice.found
    if found is None or (found.state is Trade.PAID and found.paid_fen != order.amount_fen):
        return "amount"
    if found.state is Trade.PAID and not found.channel_trade_no:
        return "trade"
    if order.channel_trade_no not in (None, found.channel_trade_no):
        return "trade"
    return None


class Notices:
    """Takes in the notices of the channels that are switched on. `counts`: how many came, by channel and outcome."""

    def __init__(self, core: Core, orders: Orders) -> None:
        self._core = core
        self._orders = orders
        self.counts: dict[tuple[str, str], int] = {}

    def take(self, channel: str, headers: Mapping[str, str], raw: bytes) -> NoticeAnswer:
        """Take in one notice; what the channel must hear. Header names in lower case.

        Raises:
            ChannelUnknown: the channel is not switched on here.
        """
        provider = self._orders.provider(channel)
        try:
            notice = provider.read_notice(headers, raw)
        except NoticeForged:
            # Nothing of it is kept: whoever forges notices shall not fill the disk.
            outcome = FORGED
        else:
            outcome = self._take(provider, notice, raw)
        self.counts[channel, outcome] = self.counts.get((channel, outcome), 0) + 1
        if outcome != ACCEPTED:
            log.error("pay.notice-refused", channel=channel, reason=outcome)
        return provider.answer(accepted=outcome == ACCEPTED)

    def _take(self, provider: Provider, notice: Notice, raw: bytes) -> str:
        with self._core.db.write() as conn:
            now = self._core.clock.now()
            before = conn.execute(_KNOWN, {"of": provider.channel, "called": notice.id}).first()
            if before == (ACCEPTED, notice.kind, notice.out_trade_no):
                return ACCEPTED
            order, refund = _meant(conn, provider.channel, notice)
            fault = fault_of(
                notice, merchant=provider.merchant, now=now, skew=policy().notice_skew, order=order, refund=refund
            )
            if fault is None and order is not None:
                _apply(conn, notice, order, refund, now)
            elif order is not None:
                _look_soon(conn, order, now)
            outcome = ACCEPTED if fault is None else fault
            _keep(conn, provider.channel, notice, raw, outcome, now, is_new=before is None)
        return outcome


# Made once: hundreds of notices a second would spend most of their time on making statements.
_KNOWN = select(NOTICE.c.outcome, NOTICE.c.kind, NOTICE.c.out_trade_no).where(
    NOTICE.c.channel == bindparam("of"), NOTICE.c.id == bindparam("called")
)
_INSERT = insert(NOTICE)


def _meant(conn: Connection, channel: str, notice: Notice) -> tuple[Order | None, RefundRow | None]:
    order = order_numbered(conn, channel, notice.out_trade_no)
    refunds = refunds_where(conn, REFUND.c.out_refund_no == notice.out_refund_no) if notice.out_refund_no else []
    return order, next(iter(refunds), None)


def _apply(conn: Connection, notice: Notice, order: Order, refund: RefundRow | None, now: datetime) -> None:
    if notice.found is not None and notice.found.state is Trade.PAID:
        mark_paid(conn, order.id, notice.found, now)
    elif notice.refund is not None and refund is not None and refund.is_open:
        if notice.refund.state is Refund.DONE:
            mark_refunded(conn, refund.id, notice.refund, now)
        elif notice.refund.state is Refund.REFUSED:
            mark_refund_refused(conn, refund.id, notice.refund, now)


def _look_soon(conn: Connection, order: Order, now: datetime) -> None:
    still = ORDER.c.status.in_(order_machine().groups["open"])
    conn.execute(update(ORDER).where(ORDER.c.id == order.id, still).values(next_look_at=now))


def _keep(
    conn: Connection, channel: str, notice: Notice, raw: bytes, outcome: str, now: datetime, *, is_new: bool
) -> None:
    amount_fen = notice.found.paid_fen if notice.found else notice.refund.refund_fen if notice.refund else None
    row = {
        "received_at": now,
        "sent_at": notice.sent_at,
        "kind": notice.kind,
        "out_trade_no": notice.out_trade_no[:64],
        "out_refund_no": notice.out_refund_no,
        "amount_fen": amount_fen,
        "outcome": outcome,
        "digest": hashlib.sha256(raw).hexdigest(),
    }
    if is_new:
        conn.execute(_INSERT, row | {"channel": channel, "id": notice.id})
    else:
        here = (NOTICE.c.channel == channel) & (NOTICE.c.id == notice.id)
        conn.execute(update(NOTICE).where(here).values(row))
