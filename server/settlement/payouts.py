"""How the rest of the deposits goes back: the way it came, each deposit up to its own amount, the newest first.

Source: ward domain sheet 7.1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from server.money.accounts import channels, clearing
from server.money.ledger import ENTRY, POSTING
from server.payments.rows import ORDER, held_fen, orders_where
from server.payments.states import order_machine
from server.settlement.rows import PAYOUT, Saga

BY_HAND = ("cash", "bank")
"""Channels of which no machine gives anything back."""


@dataclass(frozen=True)
class Source:
    """A deposit of which so much is left. `order`: the payment that brought it, where a channel can give it back."""

    at: datetime
    channel: str
    left_fen: int
    order: str | None = None


@dataclass(frozen=True)
class Part:
    """So much goes back to this source."""

    source: Source
    amount_fen: int


def parts(rest_fen: int, sources: Iterable[Source], now: datetime) -> list[Part]:
    """Spread the rest over the deposits, the newest first; what none of them explains goes back in cash. Pure."""
    found = []
    for source in sorted(sources, key=lambda source: source.at, reverse=True):
        amount_fen = min(rest_fen, source.left_fen)
        if amount_fen > 0:
            found.append(Part(source, amount_fen))
            rest_fen -= amount_fen
    return found if rest_fen == 0 else [*found, Part(Source(now, "cash", rest_fen), rest_fen)]


def sources_of(conn: Connection, encounter: str) -> list[Source]:
    """What is left of each deposit of a stay."""
    paid = orders_where(
        conn,
        ORDER.c.encounter == encounter,
        ORDER.c.status.in_(order_machine().groups["paid"]),
        ORDER.c.late.is_(False),
    )
    found = [
        Source(
            order.paid_at or order.created_at, order.channel, (order.paid_fen or 0) - held_fen(conn, order.id), order.id
        )
        for order in paid
    ]
    for channel in BY_HAND:
        found += _by_hand(conn, encounter, channel)
    return found


def plan(conn: Connection, saga: Saga, rest_fen: int, now: datetime) -> None:
    """Write down how `rest_fen` goes back."""
    found = parts(rest_fen, sources_of(conn, saga.encounter), now)
    rows = [
        {
            "settlement": saga.id,
            "no": no,
            "channel": part.source.channel,
            "pay_order": part.source.order,
            "amount_fen": part.amount_fen,
            "status": "due",
        }
        for no, part in enumerate(found, start=1)
    ]
    if rows:
        conn.execute(insert(PAYOUT), rows)


def _by_hand(conn: Connection, encounter: str, channel: str) -> list[Source]:
    assert channel in channels()
    query = (
        select(ENTRY.c.at, ENTRY.c.kind, POSTING.c.amount_fen)
        .join(POSTING, POSTING.c.entry == ENTRY.c.id)
        .where(
            ENTRY.c.encounter == encounter,
            POSTING.c.account == clearing(channel),
            ENTRY.c.kind.in_(("deposit_in", "deposit_refund", "transfer", "reversal")),
        )
        .order_by(ENTRY.c.at.desc(), ENTRY.c.id.desc())
    )
    rows = conn.execute(query).all()
    # What went back before was taken from the newest deposits too.
    gone_fen = -sum(row.amount_fen for row in rows if row.amount_fen < 0)
    found = []
    for row in rows:
        if row.amount_fen > 0:
            taken_fen = min(gone_fen, row.amount_fen)
            gone_fen -= taken_fen
            found.append(Source(row.at, channel, row.amount_fen - taken_fen))
    return found
