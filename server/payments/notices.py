"""What channels say by themselves: the signature of the raw bytes first, then time, merchant, order and amount.

A notice is a convenience. Whatever is not believed here is found by asking, so that nothing depends on it.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import DBAPIError

from server.core import Core
from server.payments.booking import mark_paid, mark_paid_first, mark_refund_refused, mark_refunded
from server.payments.groups import Groups
from server.payments.orders import Orders
from server.payments.policy import policy
from server.payments.port import Notice, NoticeAnswer, NoticeForged, Provider, Refund, Trade
from server.payments.rows import NOTICE, ORDER, REFUND, Order, RefundRow, order_numbered, orders_numbered, refunds_where
from server.payments.states import order_machine
from wardlink.errors import WardlinkError

log = structlog.get_logger(__name__)

ACCEPTED = "accepted"
DUPLICATE = "duplicate"
"""Came before, and was accepted then."""
FORGED = "forged"
TAKEN = (ACCEPTED, DUPLICATE)


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


@dataclass(frozen=True)
class Came:
    """A notice that its channel has signed, with the digest of its bytes."""

    provider: Provider
    notice: Notice
    digest: str

    @property
    def called(self) -> tuple[str, str]:
        """Channel and id: the same in every copy."""
        return self.provider.channel, self.notice.id

    @property
    def meant(self) -> tuple[str, str]:
        """Channel and number of the order."""
        return self.provider.channel, self.notice.out_trade_no


class Notices:
    """Takes in the notices of the channels that are switched on, as many in one commit as wait for one.

    `counts`: how many came, by channel and outcome: `accepted`, `duplicate`, or why one was refused. `busy_s`: how long
    they took, by channel, the waiting for others included.
    """

    def __init__(self, core: Core, orders: Orders) -> None:
        self._core = core
        self._orders = orders
        self._counting = threading.Lock()
        self.counts: dict[tuple[str, str], int] = {}
        self.busy_s: dict[str, float] = {}
        self.groups: Groups[Came, str] = Groups(self._take_all)

    def take(self, channel: str, headers: Mapping[str, str], raw: bytes) -> NoticeAnswer:
        """Take in one notice; what the channel must hear. Header names in lower case.

        Raises:
            ChannelUnknown: the channel is not switched on here.
        """
        provider, began_s = self._orders.provider(channel), self._core.clock.monotonic_s()
        try:
            notice = provider.read_notice(headers, raw)
        except NoticeForged:
            # Nothing of it is kept: whoever forges notices shall not fill the disk.
            outcome = FORGED
        else:
            outcome = self.groups.do(Came(provider, notice, hashlib.sha256(raw).hexdigest()))
        with self._counting:
            self.counts[channel, outcome] = self.counts.get((channel, outcome), 0) + 1
            self.busy_s[channel] = self.busy_s.get(channel, 0.0) + self._core.clock.monotonic_s() - began_s
        if outcome not in TAKEN:
            log.error("pay.notice-refused", channel=channel, reason=outcome)
        return provider.answer(accepted=outcome in TAKEN)

    def told(self) -> dict[tuple[str, str], int]:
        """`counts` at one moment."""
        with self._counting:
            return dict(self.counts)

    def times(self) -> dict[str, tuple[int, float]]:
        """How many came and how many seconds they took, by channel, at one moment."""
        with self._counting:
            return {
                name: (sum(count for (channel, _), count in self.counts.items() if channel == name), busy_s)
                for name, busy_s in self.busy_s.items()
            }

    def _take_all(self, group: Sequence[Came]) -> list[str | Exception]:
        if len(group) > 1:
            try:
                with self._core.db.write() as conn:
                    return list(self._together(conn, group))
            except (DBAPIError, WardlinkError) as exc:
                # One of them cannot be booked: each for itself, so that the others are.
                log.warning("pay.notices-one-by-one", error=type(exc).__name__, notices=len(group))
        return [self._alone(came) for came in group]

    def _alone(self, came: Came) -> str | Exception:
        try:
            with self._core.db.write() as conn:
                return self._one(conn, came)
        except (DBAPIError, WardlinkError) as exc:
            return exc

    def _together(self, conn: Connection, group: Sequence[Came]) -> list[str]:
        """Plain payments in few statements, and everything else after them as if it had come alone."""
        now, known = self._core.clock.now(), _known(conn, {came.called for came in group})
        orders = orders_numbered(conn, {came.meant for came in group if came.called not in known})
        plain: dict[tuple[str, str], Came] = {}
        firsts: set[int] = set()
        for at, came in enumerate(group):
            order = orders.get(came.meant)
            if came.called in known or came.meant in plain or order is None or not self._is_plain(came, order, now):
                continue
            plain[came.meant] = came
            known.add(came.called)
            firsts.add(at)
        mark_paid_first(conn, [(orders[of], came.notice.found) for of, came in plain.items() if came.notice.found], now)
        if plain:
            conn.execute(_INSERT, [_row(came, ACCEPTED, now) for came in plain.values()])
        return [ACCEPTED if at in firsts else self._one(conn, came) for at, came in enumerate(group)]

    def _is_plain(self, came: Came, order: Order, now: datetime) -> bool:
        found = came.notice.found
        if came.notice.kind != "payment" or found is None or found.state is not Trade.PAID or not order.is_open:
            return False
        skew, merchant = policy().notice_skew, came.provider.merchant
        return fault_of(came.notice, merchant=merchant, now=now, skew=skew, order=order, refund=None) is None

    def _one(self, conn: Connection, came: Came) -> str:
        now, notice, channel = self._core.clock.now(), came.notice, came.provider.channel
        before = conn.execute(_KNOWN, {"of": channel, "called": notice.id}).first()
        if before == (ACCEPTED, notice.kind, notice.out_trade_no):
            return DUPLICATE
        order, refund = _meant(conn, channel, notice)
        merchant, skew = came.provider.merchant, policy().notice_skew
        fault = fault_of(notice, merchant=merchant, now=now, skew=skew, order=order, refund=refund)
        if fault is None and order is not None:
            _apply(conn, notice, order, refund, now)
        elif order is not None:
            _look_soon(conn, order, now)
        outcome = ACCEPTED if fault is None else fault
        _keep(conn, came, outcome, now, is_new=before is None)
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


def _known(conn: Connection, called: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    ids = [id for _, id in called]
    found = conn.execute(select(NOTICE.c.channel, NOTICE.c.id).where(NOTICE.c.id.in_(ids)))
    return {(row.channel, row.id) for row in found} & set(called)


def _row(came: Came, outcome: str, now: datetime) -> dict[str, object]:
    notice = came.notice
    return {
        "channel": came.provider.channel,
        "id": notice.id,
        "received_at": now,
        "sent_at": notice.sent_at,
        "kind": notice.kind,
        "out_trade_no": notice.out_trade_no[:64],
        "out_refund_no": notice.out_refund_no,
        "amount_fen": notice.found.paid_fen if notice.found else notice.refund.refund_fen if notice.refund else None,
        "outcome": outcome,
        "digest": came.digest,
    }


def _keep(conn: Connection, came: Came, outcome: str, now: datetime, *, is_new: bool) -> None:
    row = _row(came, outcome, now)
    if is_new:
        conn.execute(_INSERT, row)
    else:
        here = (NOTICE.c.channel == row["channel"]) & (NOTICE.c.id == row["id"])
        conn.execute(update(NOTICE).where(here).values(row))
