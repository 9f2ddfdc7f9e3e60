"""What is written about orders and refunds, together with the ledger: each inside the caller's own transaction.

Every write is a conditional update: what has happened meanwhile is never overwritten, and the same twice changes
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import Connection, bindparam, insert, or_, update

from server.money.deposits import (
    DepositIn,
    deposit_in,
    deposit_refund,
    deposits_in,
    refund_done,
    refund_failed,
    unwanted_in,
)
from server.payments.policy import next_look, policy
from server.payments.port import Found, RefundFound
from server.payments.rows import ORDER, REFUND, Order, RefundRow, order_called, refund_called
from server.payments.states import order_machine, refund_machine
from wardlink.errors import Collision
from wardlink.ids import new_id

log = structlog.get_logger(__name__)

SYSTEM = "system:payments"
"""Who acts where a channel has spoken and nobody else."""


def number() -> str:
    """A new number of ours for a channel: 32 digits and letters."""
    return new_id().replace("-", "")


def move(conn: Connection, order: str, act: str, **values: object) -> bool:
    """Let this happen to an order, if it can in the state it is in; False: it has moved on meanwhile."""
    machine = order_machine()
    here = (ORDER.c.id == order) & ORDER.c.status.in_(machine.before(act))
    values = {"status": machine.to(act), "version": ORDER.c.version + 1} | values
    return conn.execute(update(ORDER).where(here).values(values)).rowcount == 1


def later(conn: Connection, order: Order, now: datetime, *, fault: str | None = None) -> None:
    """Ask the channel about it again when the plan says so; `fault`: why somebody should look."""
    at = next_look(policy().order_looks, order.looks, now, ends_at=order.expires_at)
    values = {"looks": order.looks + 1, "next_look_at": at} | ({} if fault is None else {"fault": fault})
    still = ORDER.c.status.in_(order_machine().groups["open"])
    conn.execute(update(ORDER).where(ORDER.c.id == order.id, still).values(values))


def mark_paid(conn: Connection, order: str, found: Found, now: datetime) -> bool:
    """The channel says that it was paid: the stay's deposit grows, or what came too late is to be given back.

    False: nothing was new. Another amount than was asked is no payment of this order: it is said, and nothing is
    credited.
    """
    before = order_called(conn, order, to_write=True)
    if before.is_paid:
        if before.channel_trade_no != found.channel_trade_no:
            log.error("pay.paid-twice", order=order)
        return False
    if found.paid_fen != before.amount_fen or not found.channel_trade_no:
        log.error("pay.other-amount", order=order)
        later(conn, before, now, fault="amount")
        return False
    paid_at = found.paid_at or now
    came = {"channel_trade_no": found.channel_trade_no, "paid_fen": found.paid_fen, "paid_at": paid_at}
    late = before.status == "closed"
    if not move(conn, order, "pay", **came, late=late, next_look_at=None, fault=None):
        return False
    booked = {"channel": before.channel, "key": f"pay-order:{order}", "source": f"pay_order:{order}"}
    if not late:
        deposit_in(
            conn, encounter=before.encounter, amount_fen=found.paid_fen, at=paid_at, actor=before.created_by, **booked
        )
        return True
    log.warning("pay.late", order=order)
    unwanted_in(conn, encounter=before.encounter, amount_fen=found.paid_fen, at=paid_at, actor=SYSTEM, **booked)
    values = {"status": refund_machine().to("approve"), "agreed_by": SYSTEM, "agreed_at": now, "next_look_at": now}
    write_refund(conn, order, f"late:{order}", found.paid_fen, "paid after closing", SYSTEM, now, **values)
    return True


def mark_paid_first(conn: Connection, paid: Sequence[tuple[Order, Found]], now: datetime) -> None:
    """The channel says of several orders, open and held for writing, that they were paid as asked: each stay's deposit
    grows. The same as `mark_paid` for each of them, in few statements.

    Raises:
        IntegrityError: one of the numbers is known already; the transaction is over. Mark them one by one.
        Collision: an order is not open any more; the same.
    """
    if not paid:
        return
    machine = order_machine()
    rows, came = [], []
    for order, found in paid:
        paid_at = found.paid_at or now
        told = {"channel_trade_no": found.channel_trade_no, "paid_fen": found.paid_fen, "paid_at": paid_at}
        rows.append({"called": order.id, **told})
        booked = {"key": f"pay-order:{order.id}", "source": f"pay_order:{order.id}", "channel": order.channel}
        came.append(DepositIn(order.encounter, order.amount_fen, at=paid_at, actor=order.created_by, **booked))
    # Spelled out: a list cannot be a parameter of many rows.
    is_open = or_(*(ORDER.c.status == status for status in sorted(machine.groups["open"])))
    here = (ORDER.c.id == bindparam("called")) & is_open
    settled = {"status": machine.to("pay"), "late": False, "next_look_at": None, "fault": None}
    moved = conn.execute(update(ORDER).where(here).values(version=ORDER.c.version + 1, **settled), rows)
    if moved.rowcount != len(rows):
        raise Collision
    deposits_in(conn, came)


def write_refund(
    conn: Connection, order: str, key: str, amount_fen: int, reason: str, by: str, now: datetime, **values: object
) -> str:
    """A new refund; its id."""
    id = new_id()
    row = {
        "id": id,
        "key": key,
        "pay_order": order,
        "out_refund_no": number(),
        "amount_fen": amount_fen,
        "status": refund_machine().start,
        "reason": reason,
        "asked_by": by,
        "asked_at": now,
        "looks": 0,
        "version": 1,
    }
    conn.execute(insert(REFUND).values(row | values))
    return id


def move_refund(conn: Connection, refund: str, act: str, **values: object) -> bool:
    """Let this happen to a refund, if it can in the state it is in; False: it has moved on meanwhile."""
    machine = refund_machine()
    here = (REFUND.c.id == refund) & REFUND.c.status.in_(machine.before(act))
    values = {"status": machine.to(act), "version": REFUND.c.version + 1} | values
    return conn.execute(update(REFUND).where(here).values(values)).rowcount == 1


def later_refund(conn: Connection, refund: RefundRow, now: datetime, *, fault: str | None = None) -> None:
    """Ask the channel about it again when the plan says so."""
    at = next_look(policy().refund_looks, refund.looks, now)
    values = {"looks": refund.looks + 1, "next_look_at": at} | ({} if fault is None else {"fault": fault})
    still = REFUND.c.status.in_(refund_machine().groups["open"])
    conn.execute(update(REFUND).where(REFUND.c.id == refund.id, still).values(values))


def agree(conn: Connection, refund: RefundRow, by: str, now: datetime) -> bool:
    """A second person agrees: from here on this money is no deposit any more, and is on its way.

    Raises:
        AmountInvalid: the deposit is needed for what was charged meanwhile.
    """
    if not move_refund(conn, refund.id, "approve", agreed_by=by, agreed_at=now, next_look_at=now):
        return False
    order = order_called(conn, refund.pay_order)
    if not order.late:
        # What came too late has never been deposit.
        deposit_refund(
            conn,
            encounter=order.encounter,
            amount_fen=refund.amount_fen,
            channel=order.channel,
            key=f"pay-refund:{refund.id}",
            at=now,
            actor=by,
            source=f"pay_refund:{refund.id}",
        )
    return True


def mark_refunded(conn: Connection, refund: str, found: RefundFound, now: datetime) -> bool:
    """The channel says that it has given the money back. False: nothing was new, or it speaks of another amount."""
    before = refund_called(conn, refund, to_write=True)
    if found.refund_fen != before.amount_fen:
        log.error("pay.other-refund-amount", refund=refund)
        later_refund(conn, before, now, fault="amount")
        return False
    order = order_called(conn, before.pay_order, to_write=True)
    done_at = found.done_at or now
    told = {"done_at": done_at, "channel_refund_no": found.channel_refund_no}
    if not move_refund(conn, refund, "finish", **told, next_look_at=None, fault=None):
        return False
    refunded_fen = order.refunded_fen + before.amount_fen
    move(conn, order.id, "refund_rest" if refunded_fen == order.paid_fen else "refund_part", refunded_fen=refunded_fen)
    refund_done(
        conn,
        encounter=order.encounter,
        amount_fen=before.amount_fen,
        channel=order.channel,
        key=f"pay-refund-done:{refund}",
        at=done_at,
        actor=SYSTEM,
        source=f"pay_refund:{refund}",
    )
    return True


def mark_refund_refused(conn: Connection, refund: str, found: RefundFound, now: datetime) -> bool:
    """The channel will not give it back: it is deposit again; of what came too late a person must think of another way.

    False: nothing was new.
    """
    before = refund_called(conn, refund, to_write=True)
    if not move_refund(conn, refund, "refuse", fault=(found.reason or "refused")[:64], next_look_at=None):
        return False
    log.error("pay.refund-refused", refund=refund)
    order = order_called(conn, before.pay_order)
    if not order.late:
        refund_failed(
            conn,
            encounter=order.encounter,
            amount_fen=before.amount_fen,
            key=f"pay-refund-failed:{refund}",
            at=now,
            actor=SYSTEM,
            source=f"pay_refund:{refund}",
        )
    return True
