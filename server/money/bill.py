"""A stay's bill as its patient reads it: day by day, by category, each line with who did it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row

from server.money.accounts import categories
from server.money.daily import day_list, days_with_lines, quantity
from server.money.standing import standing
from server.record.service import records_of
from wardlink.i18n import language
from wardlink.messages.bills import BillDay, BillGroup, BillLine, BillOfDay, BillView
from wardlink.record.doses import DOSE


def bill_of(conn: Connection, encounter: str, now: datetime, *, from_insurance_fen: int = 0) -> BillView:
    """The days of a stay with their sums, and how far the deposit goes.

    `from_insurance_fen`: what of the charges an insurance is expected to pay; the deposit need not bear it.

    Raises:
        NotFound: there is no such stay.
    """
    stands = standing(conn, encounter, now, from_insurance_fen=from_insurance_fen)
    days = tuple(BillDay(day=day, amount_fen=amount_fen) for day, amount_fen in days_with_lines(conn, encounter))
    return BillView(
        encounter=encounter,
        days=days,
        total_fen=sum(day.amount_fen for day in days),
        deposit_fen=stands.deposit_fen,
        available_fen=stands.available_fen,
        runway_days=stands.runway_days,
    )


def bill_of_day(conn: Connection, encounter: str, day: date, now: datetime) -> BillOfDay:
    """One day in the language of this context, by category."""
    found, givers = day_list(conn, encounter, day, now), _givers(conn, encounter)
    chinese = language() == "zh_CN"
    groups = []
    for code, amount_fen in found.subtotals.items():
        category = categories()[code]
        lines = tuple(_line(row, givers, chinese=chinese) for row in found.lines if row.category == code)
        name = category.name_zh if chinese else category.name_en
        groups.append(BillGroup(name=name, amount_fen=amount_fen, lines=lines))
    return BillOfDay(day=day, is_over=found.is_over, total_fen=found.total_fen, groups=tuple(groups))


def _line(row: Row[Any], givers: dict[str, str], *, chinese: bool) -> BillLine:
    return BillLine(
        id=row.entry,
        at=row.at,
        name=row.name_zh if chinese else row.name_en,
        spec=row.spec,
        quantity=quantity(row.quantity_e4),
        unit=row.unit,
        amount_fen=row.amount_fen,
        insurance_class=row.insurance_class,
        by=givers.get(row.source_id) if row.source_kind == "dose" else None,
    )


def _givers(conn: Connection, encounter: str) -> dict[str, str]:
    """Who gave, by the entry that says so."""
    entries = (entry for dose in records_of(conn, DOSE, encounter=encounter) for entry in dose.events)
    return {entry.command: entry.by_name for entry in entries if entry.by_name}
