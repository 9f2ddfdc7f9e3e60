"""One day of one channel for `wardlink bench reconcile`: our books in a database, and the channel's bill as a file."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert

from server.db import Database
from server.payments.rows import ORDER, REFUND
from wardlink.clock import ward_date
from workbench.bench.hospital import Preload, gateways, make_ours
from workbench.gateways.alipay import bill as alipay_bill
from workbench.gateways.alipay.book import Book as AlipayBook
from workbench.gateways.alipay.book import Code
from workbench.gateways.wechat import bill as wechat_bill
from workbench.gateways.wechat.book import Book as WechatBook

BEGIN = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
ON: date = ward_date(BEGIN)
REFUND_EVERY = 10
"""Every tenth payment has half of it given back on the same day."""
ODD_EVERY = 1_000
"""Every thousandth is not in our books, and every thousandth is not in the bill."""
_BATCH = 5_000


def lines_of(lines: int) -> int:
    """How many payments make a bill of about so many lines."""
    return max(1, lines * REFUND_EVERY // (REFUND_EVERY + 1))


def numbered(channel: str, n: int) -> str:
    """The number of a payment."""
    return f"{channel[0]}{n:030d}"


def amount_fen(n: int) -> int:
    """Amounts of all sizes."""
    return 100 + n * 7919 % 500_000


def at(n: int) -> datetime:
    """Spread over fifteen hours."""
    return BEGIN + timedelta(seconds=n * 54_000 // 100_000 % 54_000)


def write_books(path: Path, payments: int) -> None:
    """Our books of both channels in a new database."""
    make_ours(path, Preload(0))
    database = Database(f"sqlite:///{path}")
    try:
        for channel in ("wechat", "alipay"):
            for start in range(0, payments, _BATCH):
                with database.write() as conn:
                    _insert(conn, channel, range(start, min(start + _BATCH, payments)))
    finally:
        database.close()


def _insert(conn: Connection, channel: str, numbers: range) -> None:
    (encounter, _), *_ = gateways()[0].encounters
    orders: list[dict[str, Any]] = []
    refunds: list[dict[str, Any]] = []
    for n in numbers:
        if n % ODD_EVERY == 1:
            continue
        id, fen = numbered(channel, n), amount_fen(n)
        back = fen // 2 if n % REFUND_EVERY == 0 else 0
        orders.append(
            {
                "id": id,
                "key": id,
                "encounter": encounter,
                "purpose": "deposit",
                "amount_fen": fen,
                "channel": channel,
                "out_trade_no": id,
                "status": "part_refunded" if back else "paid",
                "expires_at": at(n),
                "channel_trade_no": f"T{id}",
                "paid_fen": fen,
                "paid_at": at(n),
                "refunded_fen": back,
                "late": False,
                "created_at": at(n),
                "created_by": "staff:n",
                "looks": 0,
                "version": 1,
            }
        )
        if back:
            refunds.append(
                {
                    "id": f"R{id}",
                    "key": f"R{id}",
                    "pay_order": id,
                    "out_refund_no": f"R{id}",
                    "amount_fen": back,
                    "status": "done",
                    "reason": "r",
                    "asked_by": "staff:n",
                    "asked_at": at(n),
                    "sent_at": at(n),
                    "done_at": at(n),
                    "looks": 0,
                    "version": 1,
                }
            )
    conn.execute(insert(ORDER), orders)
    if refunds:
        conn.execute(insert(REFUND), refunds)


def write_bill(channel: str, payments: int, path: Path) -> int:
    """The channel's bill, as its gateway writes it; how many lines it has."""
    numbers = [n for n in range(payments) if n % ODD_EVERY != 2]
    path.write_bytes(_wechat(numbers) if channel == "wechat" else _alipay(numbers))
    return len(numbers) + sum(n % REFUND_EVERY == 0 for n in numbers)


def _wechat(numbers: list[int]) -> bytes:
    book = WechatBook(timedelta(0))
    for n in numbers:
        no, fen = numbered("wechat", n), amount_fen(n)
        ask = {"out_trade_no": no, "appid": "wx", "mchid": "19", "description": "预交金", "amount": {"total": fen}}
        order = book.create(ask, at(n), at(n) + timedelta(hours=1))
        book.pay(no, at(n))
        if n % REFUND_EVERY == 0:
            book.refund_of(order, f"R{no}", fen // 2, "", at(n))
            book.settle(f"R{no}", "SUCCESS", at(n))
    return wechat_bill.bill(book, ON, "ALL")


def _alipay(numbers: list[int]) -> bytes:
    book = AlipayBook()
    for n in numbers:
        no, fen = numbered("alipay", n), amount_fen(n)
        code = Code(no, fen, "预交金", at(n) + timedelta(hours=1), timedelta(hours=1), "")
        book.pay_code(book.precreate(code), at(n))
        if n % REFUND_EVERY == 0:
            book.refund(no, f"R{no}", fen // 2, at(n))
    return alipay_bill.bill(book, "2088000000000000", ON)
