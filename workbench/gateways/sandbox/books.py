"""What the gateway knows, in SQLite, so that it survives a restart: trades, refunds, and notices still to be sent."""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from server.integrations.sandbox.wire import NewRefund, NewTrade, NoticeBody, RefundView, TradeView
from wardlink.clock import from_micros, to_micros
from workbench.gateways.sandbox.entries import (
    DueNotice,
    Habits,
    Page,
    Refused,
    Wish,
    page_of,
    refund_view,
    trade_view,
)

_TABLES = """
CREATE TABLE IF NOT EXISTS trade (
    merchant TEXT, out_trade_no TEXT, token TEXT UNIQUE, amount_fen INTEGER, subject TEXT, expires_at INTEGER,
    notify_url TEXT, opened INTEGER, state TEXT, trade_no TEXT, paid_at INTEGER, PRIMARY KEY (merchant, out_trade_no)
);
CREATE TABLE IF NOT EXISTS refund (
    merchant TEXT, out_refund_no TEXT, out_trade_no TEXT, refund_no TEXT, refund_fen INTEGER, asked_at INTEGER,
    done_at INTEGER, PRIMARY KEY (merchant, out_refund_no)
);
CREATE TABLE IF NOT EXISTS notice (
    no INTEGER PRIMARY KEY, url TEXT, body TEXT, due_at INTEGER, tries INTEGER DEFAULT 0
);
"""

CODE_LIVES = timedelta(hours=2)
"""As the codes of both real channels."""

RETRY_AFTER_S = (2, 5, 15, 60, 180, 600)
"""A notice that was not accepted comes again after so many seconds, then no more. Denser than the real plans."""


class Books:
    """The gateway's memory. Every method is one transaction; safe from any thread."""

    def __init__(self, path: Path, habits: Habits | None = None) -> None:
        self.habits = habits or Habits()
        self._lock = threading.Lock()
        self._conn = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._conn.row_factory = sqlite3.Row
        self._conn.execute("PRAGMA journal_mode=WAL")
        self._conn.execute("PRAGMA synchronous=FULL")
        self._conn.executescript(_TABLES)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._conn.close()

    def create(self, merchant: str, ask: NewTrade, now: datetime) -> tuple[str, datetime]:
        """The token of the payment's page, and until when it can be paid.

        Raises:
            Refused: paid or closed already, asked with another amount, or over before it begins.
        """
        with self._begin() as conn:
            row = self._trade(conn, merchant, ask.out_trade_no, now)
            if row is None:
                if ask.expires_at <= now:
                    raise Refused("expired")
                token, expires_at = secrets.token_urlsafe(12), min(ask.expires_at, now + CODE_LIVES)
                conn.execute(
                    "INSERT INTO trade VALUES (?,?,?,?,?,?,?,0,'waiting',NULL,NULL)",
                    (
                        *(merchant, ask.out_trade_no, token, ask.amount_fen, ask.subject),
                        *(to_micros(expires_at), ask.notify_url),
                    ),
                )
                return token, expires_at
            if row["state"] != "waiting":
                raise Refused(row["state"])
            if row["amount_fen"] != ask.amount_fen:
                raise Refused("other-amount")
            return row["token"], from_micros(row["expires_at"])

    def trade(self, merchant: str, out_trade_no: str, now: datetime) -> TradeView:
        """How a payment stands.

        Raises:
            Refused: there is no such trade.
        """
        with self._begin() as conn:
            return trade_view(self._known(conn, merchant, out_trade_no, now))

    def close_trade(self, merchant: str, out_trade_no: str, now: datetime) -> None:
        """Let nobody pay it any more.

        Raises:
            Refused: there is no such trade, or it is paid.
        """
        with self._begin() as conn:
            if self._known(conn, merchant, out_trade_no, now)["state"] == "paid":
                raise Refused("paid")
            _set(conn, merchant, out_trade_no, state="closed")

    def page(self, token: str, now: datetime) -> Page:
        """A payment somebody has opened: from now on there is a trade.

        Raises:
            Refused: there is no such code.
        """
        with self._begin() as conn:
            row = self._opened(conn, token, now)
            _set(conn, row["merchant"], row["out_trade_no"], opened=1)
            return page_of(row)

    def pay(self, token: str, now: datetime, wish: Wish | None = None) -> Page:
        """Somebody pays.

        Raises:
            Refused: there is no such code, it was paid already, or it can no longer be paid.
        """
        with self._begin() as conn:
            row = self._opened(conn, token, now)
            if row["state"] != "waiting":
                raise Refused(row["state"])
            number = _number(4, now)
            merchant, out_trade_no = row["merchant"], row["out_trade_no"]
            _set(conn, merchant, out_trade_no, opened=1, state="paid", trade_no=number, paid_at=to_micros(now))
            row = self._known(conn, merchant, out_trade_no, now)
            told = NoticeBody(id=secrets.token_hex(16), merchant=merchant, trade=trade_view(row))
            self._tell(conn, row["notify_url"], told, now, wish or self.habits.wish)
            return page_of(row)

    def refund(self, merchant: str, ask: NewRefund, now: datetime) -> RefundView:
        """Give money back; the same number again is the same refund.

        Raises:
            Refused: not paid, more than is left, or the number stands for another refund.
        """
        with self._begin() as conn:
            known = self._refund(conn, merchant, ask.out_refund_no)
            if known is not None:
                if (known["out_trade_no"], known["refund_fen"]) != (ask.out_trade_no, ask.refund_fen):
                    raise Refused("other-refund")
                return refund_view(known, now)
            trade = self._known(conn, merchant, ask.out_trade_no, now)
            if trade["state"] != "paid":
                raise Refused("not-paid")
            if trade["amount_fen"] != ask.total_fen:
                raise Refused("other-amount")
            before = conn.execute(
                "SELECT coalesce(sum(refund_fen), 0) FROM refund WHERE merchant=? AND out_trade_no=?",
                (merchant, ask.out_trade_no),
            ).fetchone()[0]
            if before + ask.refund_fen > trade["amount_fen"]:
                raise Refused("too-much")
            done_at = now + self.habits.refund_takes
            conn.execute(
                "INSERT INTO refund VALUES (?,?,?,?,?,?,?)",
                (
                    *(merchant, ask.out_refund_no, ask.out_trade_no, _number(5, now)),
                    *(ask.refund_fen, to_micros(now), to_micros(done_at)),
                ),
            )
            row = self._refund(conn, merchant, ask.out_refund_no)
            assert row is not None
            done = NoticeBody(id=secrets.token_hex(16), merchant=merchant, refund=refund_view(row, done_at))
            self._tell(conn, trade["notify_url"], done, done_at, self.habits.wish)
            return refund_view(row, now)

    def refund_of(self, merchant: str, out_refund_no: str, now: datetime) -> RefundView:
        """How a refund stands.

        Raises:
            Refused: there is none with this number.
        """
        with self._begin() as conn:
            row = self._refund(conn, merchant, out_refund_no)
        if row is None:
            raise Refused("no-refund", 404)
        return refund_view(row, now)

    def paid_between(self, merchant: str, since: datetime, until: datetime) -> tuple[list[Any], list[Any]]:
        """Trades paid and refunds asked for in this time, by time."""
        bounds = (merchant, to_micros(since), to_micros(until))
        with self._begin() as conn:
            trades = conn.execute(
                "SELECT * FROM trade WHERE merchant=? AND paid_at>=? AND paid_at<? ORDER BY paid_at", bounds
            ).fetchall()
            refunds = conn.execute(
                "SELECT refund.*, trade.trade_no FROM refund JOIN trade USING (merchant, out_trade_no)"
                " WHERE merchant=? AND asked_at>=? AND asked_at<? ORDER BY asked_at",
                bounds,
            ).fetchall()
        return trades, refunds

    def waiting(self) -> int:
        """How many notices are still to be sent."""
        with self._begin() as conn:
            return int(conn.execute("SELECT count(*) FROM notice").fetchone()[0])

    def forget(self) -> None:
        """Begin anew, for a test that counts."""
        with self._begin() as conn:
            for table in ("trade", "refund", "notice"):
                conn.execute(f"DELETE FROM {table}")

    def due(self, now: datetime, limit: int = 50) -> list[DueNotice]:
        """Notices to be sent now."""
        with self._begin() as conn:
            rows = conn.execute(
                "SELECT no, url, body, tries FROM notice WHERE due_at<=? ORDER BY due_at, no LIMIT ?",
                (to_micros(now), limit),
            ).fetchall()
        return [DueNotice(row["no"], row["url"], row["body"].encode(), row["tries"]) for row in rows]

    def sent(self, notice: DueNotice, now: datetime, *, accepted: bool) -> None:
        """It was accepted, or comes again later, or never again."""
        with self._begin() as conn:
            if accepted or notice.tries >= len(RETRY_AFTER_S):
                conn.execute("DELETE FROM notice WHERE no=?", (notice.no,))
                return
            again_at = now + timedelta(seconds=RETRY_AFTER_S[notice.tries])
            conn.execute(
                "UPDATE notice SET tries=tries+1, due_at=? WHERE no=?",
                (to_micros(again_at), notice.no),
            )

    def _tell(self, conn: sqlite3.Connection, url: str | None, body: NoticeBody, at: datetime, wish: Wish) -> None:
        if url is None:
            return
        due_at = at + (self.habits.late_by if wish == "late" else timedelta(0))
        for _ in range({"never": 0, "twice": 2}.get(wish, 1)):
            conn.execute(
                "INSERT INTO notice (url, body, due_at) VALUES (?,?,?)",
                (url, body.model_dump_json(exclude_none=True), to_micros(due_at)),
            )

    def _known(self, conn: sqlite3.Connection, merchant: str, out_trade_no: str, now: datetime) -> sqlite3.Row:
        row = self._trade(conn, merchant, out_trade_no, now)
        if row is None or (self.habits.trade_at_scan and not row["opened"]):
            raise Refused("no-trade", 404)
        return row

    def _trade(self, conn: sqlite3.Connection, merchant: str, out_trade_no: str, now: datetime) -> sqlite3.Row | None:
        _expire(conn, now)
        found: sqlite3.Row | None = conn.execute(
            "SELECT * FROM trade WHERE merchant=? AND out_trade_no=?", (merchant, out_trade_no)
        ).fetchone()
        return found

    def _opened(self, conn: sqlite3.Connection, token: str, now: datetime) -> sqlite3.Row:
        _expire(conn, now)
        found: sqlite3.Row | None = conn.execute("SELECT * FROM trade WHERE token=?", (token,)).fetchone()
        if found is None:
            raise Refused("no-code", 404)
        return found

    def _refund(self, conn: sqlite3.Connection, merchant: str, out_refund_no: str) -> sqlite3.Row | None:
        found: sqlite3.Row | None = conn.execute(
            "SELECT * FROM refund WHERE merchant=? AND out_refund_no=?", (merchant, out_refund_no)
        ).fetchone()
        return found

    @contextmanager
    def _begin(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._conn.execute("BEGIN IMMEDIATE")
            try:
                yield self._conn
            except BaseException:
                self._conn.execute("ROLLBACK")
                raise
            self._conn.execute("COMMIT")


def _number(kind: int, now: datetime) -> str:
    return f"{kind}{now:%Y%m%d}{secrets.randbelow(10**16):016}"


def _expire(conn: sqlite3.Connection, now: datetime) -> None:
    conn.execute("UPDATE trade SET state='closed' WHERE state='waiting' AND expires_at<=?", (to_micros(now),))


def _set(conn: sqlite3.Connection, merchant: str, out_trade_no: str, **values: object) -> None:
    named = ", ".join(f"{name}=?" for name in values)
    conn.execute(
        f"UPDATE trade SET {named} WHERE merchant=? AND out_trade_no=?", (*values.values(), merchant, out_trade_no)
    )
