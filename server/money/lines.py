"""The lines of what stays cost: written with the entry of the ledger that each stands behind, and read again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, select

from server.kpis.sums import follow_line
from server.money.accounts import RECEIVABLE, income
from server.money.ledger import Posting, entry_called, post, reverse
from server.money.models import ChargeLine
from server.money.prices import Item, times
from server.money.rules import DERIVED
from wardlink.clock import ward_date
from wardlink.i18n import N_
from wardlink.money import MONEY_MAX, AmountInvalid

LINE: Table = ChargeLine.__table__  # type: ignore[attr-defined]

NO_AMOUNT = N_("It costs nothing, or more than one line may.")

Key = tuple[str, str, str]
"""Kind and id of the record that a line follows from, and the item."""

_COPIED = (
    "encounter",
    "source_kind",
    "source_id",
    "item",
    "national",
    "name_zh",
    "name_en",
    "spec",
    "unit",
    "price_fen",
    "category",
    "insurance_class",
    "self_pay_bp",
    "doctor",
    "department",
)


@dataclass(frozen=True)
class NewLine:
    """A line to be written: so much of an item, at the price of the day on which it happened."""

    encounter: str
    key: Key
    turn: int
    item: Item
    quantity_e4: int
    at: datetime
    ward: str
    actor: str
    doctor: str | None = None
    by_hand: bool = False
    reason: str | None = None


def write_line(conn: Connection, new: NewLine, now: datetime) -> None:
    """Write a line and its entry. The caller holds the stay (`lock_stay`) and has seen that it is not there.

    Raises:
        AmountInvalid: it costs nothing on that day, or more than one line may.
    """
    price_fen = new.item.fen_on(ward_date(new.at)) or 0
    amount_fen = times(price_fen, new.quantity_e4)
    if not 0 < amount_fen <= MONEY_MAX:
        raise AmountInvalid(NO_AMOUNT)
    post(
        conn,
        key=_entry_key(new.key, new.turn),
        kind="charge",
        at=new.at,
        booked_at=now,
        encounter=new.encounter,
        actor=new.actor,
        postings=[
            Posting(RECEIVABLE, amount_fen, new.encounter),
            Posting(income(new.item.category), -amount_fen, new.encounter),
        ],
        source=f"{new.key[0]}:{new.key[1]}",
        note=new.reason,
    )
    named = ("national", "name_zh", "name_en", "spec", "unit", "category", "insurance_class", "self_pay_bp")
    row = {name: getattr(new.item, name) for name in named} | {
        "entry": entry_called(conn, _entry_key(new.key, new.turn)).id,
        "encounter": new.encounter,
        "charged_on": ward_date(new.at),
        "at": new.at,
        "booked_at": now,
        "source_kind": new.key[0],
        "source_id": new.key[1],
        "item": new.item.code,
        "turn": new.turn,
        "quantity_e4": new.quantity_e4,
        "price_fen": price_fen,
        "amount_fen": amount_fen,
        "doctor": new.doctor,
        "department": new.ward,
        "by_hand": new.by_hand,
        "actor": new.actor,
        "reason": new.reason,
    }
    conn.execute(insert(LINE).values(**row))
    follow_line(conn, row)


def take_back(conn: Connection, row: Row[Any], *, reason: str, now: datetime, actor: str, by_hand: bool) -> None:
    """Write the opposite of a line and of its entry. The caller holds the stay and has seen that it stands.

    A line belongs to the day of what happened, its reversal to the day on which that was known: what a patient was
    given as the list of a day stays as it is.
    """
    key: Key = (row.source_kind, row.source_id, row.item)
    at = max(now, row.at)
    as_key = _entry_key(key, row.turn + 1)
    reverse(conn, _entry_key(key, row.turn), reason=reason, at=at, booked_at=now, actor=actor, as_key=as_key)
    copied = {name: getattr(row, name) for name in _COPIED}
    written = copied | {
        "entry": entry_called(conn, as_key).id,
        "charged_on": ward_date(at),
        "at": at,
        "booked_at": now,
        "turn": row.turn + 1,
        "quantity_e4": -row.quantity_e4,
        "amount_fen": -row.amount_fen,
        "by_hand": by_hand,
        "actor": actor,
        "reason": reason,
    }
    conn.execute(insert(LINE).values(**written))
    follow_line(conn, written)


def lines_of(conn: Connection, encounter: str) -> list[Row[Any]]:
    """Every line of a stay in the order in which it happened."""
    query = select(LINE).where(LINE.c.encounter == encounter).order_by(LINE.c.at, LINE.c.booked_at, LINE.c.entry)
    return list(conn.execute(query))


def last_lines(conn: Connection, encounter: str) -> dict[Key, Row[Any]]:
    """The last thing that was booked about each record and item, of those that follow from the record."""
    query = select(LINE).where(LINE.c.encounter == encounter, LINE.c.source_kind.in_(DERIVED)).order_by(LINE.c.turn)
    return {(row.source_kind, row.source_id, row.item): row for row in conn.execute(query)}


def line_at(conn: Connection, key: Key, turn: int) -> Row[Any] | None:
    """What was booked about a record and item at this turn."""
    here = (LINE.c.source_kind == key[0]) & (LINE.c.source_id == key[1]) & (LINE.c.item == key[2])
    return conn.execute(select(LINE).where(here, LINE.c.turn == turn)).first()


def stands(row: Row[Any]) -> bool:
    """Whether this line charges; else it takes one back."""
    charges: bool = row.turn % 2 == 0
    return charges


def _entry_key(key: Key, turn: int) -> str:
    return f"charge:{':'.join(key)}:{turn}"
