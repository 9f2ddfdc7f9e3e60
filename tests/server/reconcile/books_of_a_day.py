"""Orders and refunds in our books, the channel's bill about them, and a channel that gives it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import insert, select, update

from server.db import Database
from server.payments.port import (
    BillRow,
    Closing,
    Created,
    Found,
    Notice,
    NoticeAnswer,
    PayAsk,
    PaymentFault,
    RefundAsk,
    RefundFound,
    Trade,
)
from server.payments.rows import ORDER, REFUND
from server.reconcile.rows import DIFFERENCE
from tests.server.wards import STAY_1
from wardlink.ids import new_id

ON = date(2026, 11, 24)
AT = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@dataclass
class PaperChannel:
    """A channel of which only the bill and the answers to questions matter; what is not asked here is not there."""

    channel: ClassVar[str] = "wechat"
    rows: dict[date, list[BillRow]] = field(default_factory=dict)
    fault: PaymentFault | None = None
    says: dict[str, Found] = field(default_factory=dict)
    merchant: str = "m"

    def bill(self, on: date) -> Iterable[BillRow]:
        """The lines of a day, and then the fault, if there is one."""
        yield from self.rows.get(on, [])
        if self.fault is not None:
            raise self.fault

    def query(self, out_trade_no: str) -> Found:
        """What it was told to say."""
        return self.says.get(out_trade_no, Found(Trade.ABSENT))

    def create(self, ask: PayAsk) -> Created:
        """Not on paper."""
        raise NotImplementedError

    def shut(self) -> None:
        """Nothing to let go of."""

    def close(self, out_trade_no: str) -> Closing:
        """Not on paper."""
        raise NotImplementedError

    def refund(self, ask: RefundAsk) -> RefundFound:
        """Not on paper."""
        raise NotImplementedError

    def query_refund(self, out_trade_no: str, out_refund_no: str) -> RefundFound:
        """Not on paper."""
        raise NotImplementedError

    def read_notice(self, headers: object, raw: bytes) -> Notice:
        """Not on paper."""
        raise NotImplementedError

    def answer(self, *, accepted: bool) -> NoticeAnswer:
        """Not on paper."""
        raise NotImplementedError


def order(
    db: Database,
    number: str,
    fen: int = 10_000,
    *,
    at: datetime = AT,
    status: str = "paid",
    channel: str = "wechat",
    stay: str = STAY_1,
) -> str:
    """A payment in our books; its id."""
    id, is_paid = new_id(), status in ("paid", "part_refunded", "refunded")
    row: dict[str, Any] = {
        "id": id,
        "key": new_id(),
        "encounter": stay,
        "purpose": "deposit",
        "amount_fen": fen,
        "channel": channel,
        "out_trade_no": number,
        "status": status,
        "expires_at": at,
        "channel_trade_no": f"T{number}" if is_paid else None,
        "paid_fen": fen if is_paid else None,
        "paid_at": at if is_paid else None,
        "refunded_fen": 0,
        "late": False,
        "created_at": at,
        "created_by": "staff:n1",
        "looks": 0,
        "version": 1,
    }
    with db.write() as conn:
        conn.execute(insert(ORDER).values(row))
    return id


def refund(db: Database, of: str, number: str, fen: int, *, at: datetime = AT, status: str = "done") -> None:
    """A refund in our books."""
    row = {
        "id": new_id(),
        "key": new_id(),
        "pay_order": of,
        "out_refund_no": number,
        "amount_fen": fen,
        "status": status,
        "reason": "r",
        "asked_by": "staff:n1",
        "asked_at": at,
        "sent_at": at,
        "done_at": at if status == "done" else None,
        "looks": 0,
        "version": 1,
    }
    with db.write() as conn:
        conn.execute(insert(REFUND).values(row))


def line(
    number: str, fen: int = 10_000, *, at: datetime = AT, refund_of: str | None = None, state: str = "SUCCESS"
) -> BillRow:
    """A line of the channel's bill; `refund_of`: the order's number, where `number` is a refund's."""
    if refund_of is None:
        return BillRow("payment", number, f"T{number}", fen, fen // 100, at, state)
    return BillRow("refund", refund_of, f"T{refund_of}", fen, -(fen // 100), at, state, number, f"C{number}")


def pay_later(db: Database, id: str, at: datetime = AT) -> None:
    """What was open turns out to be paid."""
    with db.write() as conn:
        paid = {"status": "paid", "paid_at": at, "paid_fen": ORDER.c.amount_fen, "channel_trade_no": f"T{id}"}
        conn.execute(update(ORDER).where(ORDER.c.id == id).values(paid))


def found(db: Database) -> list[tuple[str, str, str]]:
    """Kind, number and state of every difference."""
    c = DIFFERENCE.c
    with db.read() as conn:
        return [tuple(row) for row in conn.execute(select(c.kind, c.number, c.state).order_by(c.number, c.kind))]
