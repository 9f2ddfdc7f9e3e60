"""What the gateway's books hold, as others see it: trades, refunds, notices that are due."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from server.integrations.sandbox.wire import RefundView, TradeView
from wardlink.clock import from_micros, to_micros

Wish = Literal["once", "twice", "late", "never"]
"""What becomes of the notices of one payment."""

LATE_BY = timedelta(seconds=30)


class Refused(Exception):
    """The gateway will not do this; `code` is its word for why, `status` that of the reply."""

    def __init__(self, code: str, status: int = 409) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


@dataclass(frozen=True)
class Habits:
    """How the gateway behaves. `trade_at_scan`: as Alipay it knows of no trade before somebody opens the code.

    `refund_takes`: so long a refund is processed. `wish`: of payments whose payer wishes nothing else.
    """

    trade_at_scan: bool = False
    refund_takes: timedelta = timedelta(0)
    wish: Wish = "once"
    late_by: timedelta = LATE_BY


@dataclass(frozen=True)
class Page:
    """A payment as its page shows it."""

    token: str
    merchant: str
    out_trade_no: str
    amount_fen: int
    subject: str
    expires_at: datetime
    state: Literal["waiting", "paid", "closed"]
    trade_no: str | None
    paid_at: datetime | None


@dataclass(frozen=True)
class DueNotice:
    """A notice whose time has come."""

    no: int
    url: str
    body: bytes
    tries: int


def _instant(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)


def trade_view(row: sqlite3.Row) -> TradeView:
    """A trade as its merchant sees it."""
    return TradeView(
        out_trade_no=row["out_trade_no"],
        state=row["state"],
        amount_fen=row["amount_fen"],
        currency="CNY",
        trade_no=row["trade_no"],
        paid_at=_instant(row["paid_at"]),
    )


def refund_view(row: sqlite3.Row, now: datetime) -> RefundView:
    """A refund as its merchant sees it at this instant."""
    is_done = row["done_at"] <= to_micros(now)
    return RefundView(
        out_trade_no=row["out_trade_no"],
        out_refund_no=row["out_refund_no"],
        refund_no=row["refund_no"],
        state="done" if is_done else "processing",
        refund_fen=row["refund_fen"],
        done_at=_instant(row["done_at"]) if is_done else None,
    )


def page_of(row: sqlite3.Row) -> Page:
    """A trade as its payer sees it."""
    return Page(
        row["token"],
        row["merchant"],
        row["out_trade_no"],
        row["amount_fen"],
        row["subject"],
        from_micros(row["expires_at"]),
        row["state"],
        row["trade_no"],
        _instant(row["paid_at"]),
    )
