"""Brings the charges of a stay in line with its record: books what is missing, takes back what was struck out.

It compares what must stand there (`rules.wanted`) with what does, and nothing else: whoever looks twice, or from two
processes, or after being killed, finds nothing more to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from server.money.deposits import lock_stay
from server.money.facts import facts_of, given_doses, served_meals
from server.money.lines import LINE, NO_AMOUNT, Key, NewLine, last_lines, line_at, stands, take_back, write_line
from server.money.prices import E4, Item, PriceList, times
from server.money.rules import Wanted, opened_units_are_used_up, wanted
from wardlink.clock import ward_date
from wardlink.errors import Collision, NotFound
from wardlink.i18n import N_, gettext_of_any
from wardlink.money import MONEY_MAX

SERVER = "system:server"
STRUCK = N_("The record that it was charged for does not stand any more.")

NO_PRICE = N_("There is no such item in the price list, or it had no price on that day.")
NO_CONTENT = N_("The price list does not say how much of it a unit holds.")

_TAKEN_BACK = N_("This line was taken back already, or takes one back itself.")
_OTHER_CHARGE = N_("Under this number something else was charged already.")


@dataclass(frozen=True)
class Uncharged:
    """A line that should stand in the books and cannot: `why` says what a person must see to."""

    line: Wanted
    why: str

    def text(self) -> str:
        """Why, in words."""
        return gettext_of_any(self.why)


@dataclass(frozen=True)
class Due:
    """What must be done so that the books say what the record says."""

    to_book: tuple[NewLine, ...]
    to_take_back: tuple[Row[Any], ...]
    uncharged: tuple[Uncharged, ...]


def due(conn: Connection, encounter: str, prices: PriceList, now: datetime) -> Due:
    """Compare the record of a stay with its books; changes nothing.

    Raises:
        NotFound: there is no such stay.
    """
    facts, doses, meals = facts_of(conn, encounter), given_doses(conn, encounter), served_meals(conn, encounter)
    lines = {line.key: line for line in wanted(facts, doses, now, meals)}
    last = last_lines(conn, encounter)
    to_book, uncharged = [], []
    for key, line in lines.items():
        booked = last.get(key)
        if booked is not None and (stands(booked) or booked.by_hand):
            # It stands, or a person has taken it back and meant it.
            continue
        priced = _priced(line, prices)
        if isinstance(priced, Uncharged):
            uncharged.append(priced)
        else:
            turn = 0 if booked is None else booked.turn + 1
            new = NewLine(encounter, key, turn, *priced, line.at, line.ward, SERVER, line.doctor)
            to_book.append(new)
    gone = tuple(row for key, row in last.items() if stands(row) and key not in lines)
    return Due(tuple(to_book), gone, tuple(uncharged))


def bring_up(conn: Connection, encounter: str, prices: PriceList, now: datetime) -> int:
    """Book what is missing and take back what does not stand any more; how many lines were written.

    Raises:
        NotFound: there is no such stay.
    """
    lock_stay(conn, encounter)
    found = due(conn, encounter, prices, now)
    for new in found.to_book:
        write_line(conn, new, now)
    for row in found.to_take_back:
        take_back(conn, row, reason=STRUCK, now=now, actor=SERVER, by_hand=False)
    return len(found.to_book) + len(found.to_take_back)


def charge_by_hand(
    conn: Connection,
    *,
    encounter: str,
    item: Item,
    quantity_e4: int,
    at: datetime,
    reason: str,
    key: str,
    now: datetime,
    actor: str,
) -> Row[Any]:
    """A person charges something that no record stands for; the same `key` again changes nothing. The line.

    Also after the stay has ended: it is kept, and listed for whoever settles.

    Raises:
        NotFound: there is no such stay.
        AmountInvalid: it costs nothing on that day, or more than one line may.
        Collision: something else was charged under this key.
    """
    lock_stay(conn, encounter)
    before = conn.execute(
        select(LINE).where(LINE.c.source_kind == "manual", LINE.c.source_id == key, LINE.c.turn == 0)
    ).first()
    if before is None:
        ward = facts_of(conn, encounter).ward_at(at)
        line: Key = ("manual", key, item.code)
        new = NewLine(encounter, line, 0, item, quantity_e4, at, ward, actor, by_hand=True, reason=reason)
        write_line(conn, new, now)
        return _written(conn, line, 0)
    if (before.encounter, before.item, before.quantity_e4) != (encounter, item.code, quantity_e4):
        raise Collision(_OTHER_CHARGE)
    return before


def reverse_by_hand(
    conn: Connection, *, encounter: str, entry: str, reason: str, now: datetime, actor: str
) -> Row[Any]:
    """A person takes a line back, with a reason; it is not charged again. The line that takes it back.

    The same again, by the same person with the same reason, changes nothing.

    Raises:
        NotFound: the stay has no such line.
        Collision: it was taken back already.
    """
    lock_stay(conn, encounter)
    row = conn.execute(select(LINE).where(LINE.c.entry == entry, LINE.c.encounter == encounter)).first()
    if row is None:
        raise NotFound(what="booking", name=entry)
    key: Key = (row.source_kind, row.source_id, row.item)
    before = line_at(conn, key, row.turn + 1)
    if before is not None and (before.actor, before.reason) == (actor, reason) and stands(row):
        return before
    if before is not None or not stands(row):
        raise Collision(_TAKEN_BACK)
    take_back(conn, row, reason=reason, now=now, actor=actor, by_hand=True)
    return _written(conn, key, row.turn + 1)


def _written(conn: Connection, key: Key, turn: int) -> Row[Any]:
    found = line_at(conn, key, turn)
    assert found is not None
    return found


def _priced(line: Wanted, prices: PriceList) -> tuple[Item, int] | Uncharged:
    item = line.agreed or prices.item(line.item)
    fen = None if item is None else item.fen_on(ward_date(line.at))
    if item is None or fen is None:
        return Uncharged(line, NO_PRICE)
    units = item.units_e4(line.parts, whole=opened_units_are_used_up()) if line.parts else E4
    if units is None:
        return Uncharged(line, NO_CONTENT)
    if not 0 < times(fen, units) <= MONEY_MAX:
        return Uncharged(line, NO_AMOUNT)
    return item, units
