"""Deposits: money that was paid ahead for one stay, given back, and what of it is still free.

Called by payments and by the cashier's routes, inside the transaction that says how the money came or went.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlmodel import col

from server.money.accounts import DEPOSIT, RECEIVABLE, REFUNDS_DUE, SUSPENSE, channels, clearing
from server.money.ledger import ENTRY, Entry, Posting, balance, post, post_new
from server.patients.models import Encounter
from wardlink.errors import Collision, NotFound
from wardlink.i18n import N_
from wardlink.money import MONEY_MAX, AmountInvalid, yuan

_TOO_MUCH = N_("At most {most} yuan of this deposit can be given back.")
_NO_AMOUNT = N_("{fen} fen cannot be booked: whole fen, more than nothing and not beyond reason.")
_NONE_UNDER_WAY = N_("No refund of this amount is under way.")


def deposit_in(
    conn: Connection,
    *,
    encounter: str,
    amount_fen: int,
    channel: str,
    key: str,
    at: datetime,
    actor: str,
    source: str | None = None,
    note: str | None = None,
) -> bool:
    """Money has come for a stay; False when it was booked under `key` already.

    Raises:
        NotFound: there is no such stay.
        AmountInvalid: not more than nothing, or beyond `MONEY_MAX`.
        Collision: something else was booked under this key.
    """
    _lock(conn, encounter, amount_fen)
    return post(
        conn,
        key=key,
        kind="deposit_in",
        at=at,
        encounter=encounter,
        actor=actor,
        postings=[Posting(clearing(channel), amount_fen), Posting(DEPOSIT, -amount_fen, encounter)],
        source=source,
        note=note,
    )


@dataclass(frozen=True, slots=True)
class DepositIn:
    """Money that has come for a stay, see `deposit_in`."""

    encounter: str
    amount_fen: int
    channel: str
    key: str
    at: datetime
    actor: str
    source: str


def deposits_in(conn: Connection, came: Sequence[DepositIn]) -> None:
    """Money has come for several stays, of which nothing was booked yet: the same entries, in few statements.

    Raises:
        NotFound: there is no such stay.
        AmountInvalid: not more than nothing, or beyond `MONEY_MAX`.
        IntegrityError: something was booked under one of the keys; the transaction is over. Book them one by one.
    """
    for each in came:
        _check(each.amount_fen)
    lock_stays(conn, {each.encounter for each in came})
    post_new(
        conn,
        [
            Entry(
                each.key,
                "deposit_in",
                each.at,
                each.encounter,
                each.actor,
                (Posting(clearing(each.channel), each.amount_fen), Posting(DEPOSIT, -each.amount_fen, each.encounter)),
                each.source,
            )
            for each in came
        ],
    )


def deposit_refund(
    conn: Connection,
    *,
    encounter: str,
    amount_fen: int,
    channel: str,
    key: str,
    at: datetime,
    actor: str,
    source: str | None = None,
    note: str | None = None,
) -> bool:
    """Part of a deposit is given back; False when it was booked under `key` already.

    Cash has left the drawer with it. Through any other channel it is under way until `refund_done` or `refund_failed`
    says how it ended, and cannot be spent meanwhile.

    Raises:
        NotFound: there is no such stay.
        AmountInvalid: not more than nothing, or more than is there.
        Collision: something else was booked under this key.
    """
    _lock(conn, encounter, amount_fen)
    if not _is_booked(conn, key) and amount_fen > (most := max(refundable(conn, encounter), 0)):
        raise AmountInvalid(_TOO_MUCH, most=yuan(most))
    to = Posting(clearing(channel), -amount_fen)
    if not channels()[channel].instant:
        to = Posting(REFUNDS_DUE, -amount_fen, encounter)
    return post(
        conn,
        key=key,
        kind="deposit_refund",
        at=at,
        encounter=encounter,
        actor=actor,
        postings=[Posting(DEPOSIT, amount_fen, encounter), to],
        source=source,
        note=note,
    )


def refund_done(
    conn: Connection,
    *,
    encounter: str,
    amount_fen: int,
    channel: str,
    key: str,
    at: datetime,
    actor: str,
    source: str | None = None,
) -> bool:
    """The channel says that a refund under way has reached the payer; False when that was booked already.

    Raises:
        NotFound: there is no such stay.
        AmountInvalid: not more than nothing, or beyond `MONEY_MAX`.
        Collision: no refund of this amount is under way, or something else was booked under this key.
    """
    away = Posting(clearing(channel), -amount_fen)
    return _end_refund(conn, away, encounter, amount_fen, key, at, actor, source)


def refund_failed(
    conn: Connection,
    *,
    encounter: str,
    amount_fen: int,
    key: str,
    at: datetime,
    actor: str,
    source: str | None = None,
) -> bool:
    """The channel says that a refund under way will not be: it is deposit again. See `refund_done`."""
    back = Posting(DEPOSIT, -amount_fen, encounter)
    return _end_refund(conn, back, encounter, amount_fen, key, at, actor, source)


def unwanted_in(
    conn: Connection,
    *,
    encounter: str | None,
    amount_fen: int,
    channel: str,
    key: str,
    at: datetime,
    actor: str,
    source: str | None = None,
) -> bool:
    """Money has come that must go back: after its order was closed, or for nobody; False when booked already.

    It never becomes deposit. Of a known stay it is a refund under way (`refund_done` ends it), else it waits for a
    person.

    Raises:
        NotFound: there is no such stay.
        AmountInvalid: not more than nothing, or beyond `MONEY_MAX`.
        Collision: something else was booked under this key.
    """
    _lock(conn, encounter, amount_fen)
    waits = Posting(SUSPENSE, -amount_fen) if encounter is None else Posting(REFUNDS_DUE, -amount_fen, encounter)
    return post(
        conn,
        key=key,
        kind="transfer",
        at=at,
        encounter=encounter,
        actor=actor,
        postings=[Posting(clearing(channel), amount_fen), waits],
        source=source,
    )


def held(conn: Connection, encounter: str) -> int:
    """What is held of the deposits of a stay, in fen."""
    return -balance(conn, DEPOSIT, encounter)


def unsettled(conn: Connection, encounter: str) -> int:
    """What was charged to a stay and not settled yet, in fen."""
    return balance(conn, RECEIVABLE, encounter)


def available(conn: Connection, encounter: str, *, from_insurance_fen: int = 0) -> int:
    """What is left of the deposits in fen, below zero when more was used than paid.

    `from_insurance_fen`: what of the charges an insurance is expected to pay; without an estimate all of them are the
    patient's own.

    Source: ward domain sheet 7.1.
    """
    return held(conn, encounter) - (unsettled(conn, encounter) - from_insurance_fen)


def refundable(conn: Connection, encounter: str) -> int:
    """What of the deposits may be given back now, in fen: what is held and not needed for what was charged."""
    return min(held(conn, encounter), available(conn, encounter))


def _end_refund(
    conn: Connection,
    to: Posting,
    encounter: str,
    amount_fen: int,
    key: str,
    at: datetime,
    actor: str,
    source: str | None,
) -> bool:
    _lock(conn, encounter, amount_fen)
    if not _is_booked(conn, key) and amount_fen > -balance(conn, REFUNDS_DUE, encounter):
        raise Collision(_NONE_UNDER_WAY)
    return post(
        conn,
        key=key,
        kind="transfer",
        at=at,
        encounter=encounter,
        actor=actor,
        postings=[Posting(REFUNDS_DUE, amount_fen, encounter), to],
        source=source,
    )


def lock_stay(conn: Connection, encounter: str) -> None:
    """Let one writer at a time look at the money of a stay and move it, until the transaction of `conn` ends.

    Raises:
        NotFound: there is no such stay.
    """
    stay = select(col(Encounter.id)).where(col(Encounter.id) == encounter).with_for_update()
    if conn.execute(stay).first() is None:
        raise NotFound(what="stay", name=encounter)


def lock_stays(conn: Connection, encounters: Collection[str]) -> None:
    """The same for several stays, in one order, so that nobody waits in a ring.

    Raises:
        NotFound: there is no such stay.
    """
    query = select(col(Encounter.id)).where(col(Encounter.id).in_(encounters)).order_by(col(Encounter.id))
    missing = set(encounters) - set(conn.execute(query.with_for_update()).scalars())
    if missing:
        raise NotFound(what="stay", name=min(missing))


def _check(amount_fen: int) -> None:
    if type(amount_fen) is not int or not 0 < amount_fen <= MONEY_MAX:
        raise AmountInvalid(_NO_AMOUNT, fen=amount_fen)


def _lock(conn: Connection, encounter: str | None, amount_fen: int) -> None:
    _check(amount_fen)
    if encounter is not None:
        lock_stay(conn, encounter)


def _is_booked(conn: Connection, key: str) -> bool:
    return conn.execute(select(ENTRY.c.id).where(ENTRY.c.key == key)).first() is not None
