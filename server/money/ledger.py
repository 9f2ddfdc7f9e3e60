"""The ledger: entries whose postings add up to nothing, written once and never changed; balances are derived.

Everything that moves money goes through `post`, inside the caller's own transaction, so that what is said about the
money and the money itself become true in the same moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, Table, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from server.money.accounts import accounts
from server.money.models import MoneyEntry, MoneyPosting
from wardlink.errors import Collision, NotFound
from wardlink.i18n import N_
from wardlink.ids import new_id
from wardlink.money import MONEY_MAX

ENTRY: Table = MoneyEntry.__table__  # type: ignore[attr-defined]
POSTING: Table = MoneyPosting.__table__  # type: ignore[attr-defined]

_INSERT_ENTRY = insert(ENTRY)
_INSERT_POSTING = insert(POSTING)

EntryKind = Literal[
    "deposit_in",
    "deposit_refund",
    "charge",
    "charge_reversal",
    "insurance_pay",
    "settle",
    "transfer",
    "reversal",
]
"""What an entry is about (ward domain sheet 7.1). `transfer` moves between accounts of the hospital; `reversal` takes
back what is no charge."""

_OTHER_CONTENT = N_("Under this number something else was booked already. Please look at the entry first.")
_REVERSED = N_("This entry was taken back already.")


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of an entry: whole fen, debit above zero, credit below; with the stay where the account asks for one."""

    account: str
    amount_fen: int
    encounter: str | None = None


def post(
    conn: Connection,
    *,
    key: str,
    kind: EntryKind,
    at: datetime,
    encounter: str | None,
    actor: str,
    postings: Iterable[Posting],
    source: str | None = None,
    note: str | None = None,
    booked_at: datetime | None = None,
    reverses: str | None = None,
) -> bool:
    """Write one entry; True when it was written, False when it stood there already.

    Idempotent by `key`: the same kind, stay, source and postings again change nothing, whenever and by whomever they
    are sent again. `at` is when it happened, `booked_at` (by default the same) when it is written down. It stands when
    the transaction of `conn` commits.

    Raises:
        Collision: something else was booked under this key, or `reverses` was taken back already.
        ValueError: the postings do not add up to nothing, are no whole fen, or name an account that there is none of.
    """
    sides = checked(postings)
    row = _row(key, kind, at, encounter, actor, source=source, note=note, booked_at=booked_at, reverses=reverses)
    if not _insert_new(conn, row):
        _compare(conn, row, sides)
        return False
    conn.execute(_INSERT_POSTING, _sides(row["id"], sides))
    return True


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry to be written, see `post`; `at` is also when it is written down."""

    key: str
    kind: EntryKind
    at: datetime
    encounter: str | None
    actor: str
    postings: tuple[Posting, ...]
    source: str | None = None


def post_new(conn: Connection, entries: Sequence[Entry]) -> None:
    """Write entries of which none stands there yet, in two statements.

    Raises:
        IntegrityError: something was booked under one of these keys; the transaction is over. Post them one by one.
        ValueError: see `post`.
    """
    rows: list[dict[str, Any]] = []
    sides: list[dict[str, Any]] = []
    for entry in entries:
        row = _row(entry.key, entry.kind, entry.at, entry.encounter, entry.actor, source=entry.source)
        rows.append(row)
        sides += _sides(row["id"], checked(entry.postings))
    if rows:
        conn.execute(_INSERT_ENTRY, rows)
        conn.execute(_INSERT_POSTING, sides)


def checked(postings: Iterable[Posting]) -> Sequence[Posting]:
    """Postings that may stand together in one entry.

    Raises:
        ValueError: they do not add up to nothing, are no whole fen, or name an account that there is none of.
    """
    sides = tuple(postings)
    for side in sides:
        if type(side.amount_fen) is not int:
            raise ValueError("money is whole fen")
        if not 0 < abs(side.amount_fen) <= MONEY_MAX:
            raise ValueError(f"{side.amount_fen} fen cannot be posted")
        account = accounts().get(side.account)
        if account is None:
            raise ValueError(f"there is no account {side.account}")
        if account.of_encounter and side.encounter is None:
            raise ValueError(f"a posting to {side.account} names a stay")
    if not sides or sum(side.amount_fen for side in sides) != 0:
        raise ValueError("the postings of an entry add up to nothing")
    return sides


def reverse(
    conn: Connection,
    key: str,
    *,
    reason: str,
    at: datetime,
    actor: str,
    as_key: str | None = None,
    source: str | None = None,
    booked_at: datetime | None = None,
) -> bool:
    """Take back the entry that was booked under `key`, with an entry of its own; False when that was done before.

    `as_key` is the key of the reversal, by default made of `key`. `source` is by default that of the entry.

    Raises:
        NotFound: nothing was booked under this key.
        Collision: it was taken back already, under another key.
    """
    entry = entry_called(conn, key)
    as_key = as_key or f"{key}/reversed"
    before = conn.execute(select(ENTRY.c.key).where(ENTRY.c.reverses == entry.id)).scalar()
    if before is not None and before != as_key:
        raise Collision(_REVERSED)
    return post(
        conn,
        key=as_key,
        kind="charge_reversal" if entry.kind == "charge" else "reversal",
        at=at,
        encounter=entry.encounter,
        actor=actor,
        postings=[Posting(p.account, -p.amount_fen, p.encounter) for p in postings_of(conn, entry.id)],
        source=source or entry.source,
        note=reason,
        booked_at=booked_at,
        reverses=entry.id,
    )


def balance(conn: Connection, account: str, encounter: str | None = None) -> int:
    """What stands on an account in fen, debit above zero: of one stay, or of all there is."""
    query = select(func.coalesce(func.sum(POSTING.c.amount_fen), 0)).where(POSTING.c.account == account)
    if encounter is not None:
        query = query.where(POSTING.c.encounter == encounter)
    return int(conn.execute(query).scalar_one())


def balances(conn: Connection, encounter: str | None = None) -> dict[str, int]:
    """What stands on every account that was posted to, in fen: of one stay, or of all there is."""
    query = select(POSTING.c.account, func.sum(POSTING.c.amount_fen)).group_by(POSTING.c.account)
    if encounter is not None:
        query = query.where(POSTING.c.encounter == encounter)
    return {account: int(amount) for account, amount in conn.execute(query.order_by(POSTING.c.account))}


def entry_called(conn: Connection, key: str) -> Row[Any]:
    """The entry that was booked under `key`.

    Raises:
        NotFound: nothing was.
    """
    entry = conn.execute(select(ENTRY).where(ENTRY.c.key == key)).first()
    if entry is None:
        raise NotFound(what="booking", name=key)
    return entry


def postings_of(conn: Connection, entry: str) -> list[Posting]:
    """The two or more sides of an entry, in order."""
    query = select(POSTING.c.account, POSTING.c.amount_fen, POSTING.c.encounter).where(POSTING.c.entry == entry)
    return [Posting(*row) for row in conn.execute(query.order_by(POSTING.c.no))]


def entries_of(conn: Connection, encounter: str) -> list[Row[Any]]:
    """Every entry of a stay in the order in which it happened."""
    query = select(ENTRY).where(ENTRY.c.encounter == encounter).order_by(ENTRY.c.at, ENTRY.c.booked_at, ENTRY.c.id)
    return list(conn.execute(query))


def unbalanced(conn: Connection) -> list[str]:
    """Entries whose postings do not add up to nothing: an empty list, unless somebody went past this module."""
    query = (
        select(ENTRY.c.id)
        .outerjoin(POSTING, POSTING.c.entry == ENTRY.c.id)
        .group_by(ENTRY.c.id)
        .having(func.coalesce(func.sum(POSTING.c.amount_fen), 1) != 0)
    )
    return list(conn.execute(query.order_by(ENTRY.c.id)).scalars())


def _row(
    key: str,
    kind: EntryKind,
    at: datetime,
    encounter: str | None,
    actor: str,
    *,
    source: str | None = None,
    note: str | None = None,
    booked_at: datetime | None = None,
    reverses: str | None = None,
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "key": key,
        "at": at,
        "booked_at": booked_at or at,
        "kind": kind,
        "encounter": encounter,
        "actor": actor[:60],
        "source": source,
        "note": note and note[:200],
        "reverses": reverses,
    }


def _sides(entry: str, sides: Sequence[Posting]) -> list[dict[str, Any]]:
    return [
        {"entry": entry, "no": no, "account": p.account, "encounter": p.encounter, "amount_fen": p.amount_fen}
        for no, p in enumerate(sides)
    ]


def _insert_new(conn: Connection, row: dict[str, Any]) -> bool:
    # A second writer of the same key waits here for the first one, and then finds its row.
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(ENTRY).values(**row).on_conflict_do_nothing(index_elements=["key"])
    return conn.execute(statement.returning(ENTRY.c.id)).first() is not None


def _compare(conn: Connection, row: dict[str, Any], sides: Sequence[Posting]) -> None:
    known = conn.execute(select(ENTRY).where(ENTRY.c.key == row["key"])).one()
    same = all(getattr(known, name) == row[name] for name in ("kind", "encounter", "source", "reverses"))
    if not same or sorted(postings_of(conn, known.id), key=_order) != sorted(sides, key=_order):
        raise Collision(_OTHER_CONTENT)


def _order(posting: Posting) -> tuple[str, str, int]:
    return posting.account, posting.encounter or "", posting.amount_fen
