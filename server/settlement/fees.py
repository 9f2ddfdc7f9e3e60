"""The fees that a settlement settles, added up as a list has them: by category, item and price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from server.money.accounts import categories
from server.money.prices import E4
from server.settlement.rows import Saga, lines_taken, standing_lines
from wardlink.i18n import language
from wardlink.money import share

_GRADES_ZH = {"A": "甲", "B": "乙", "C": "丙"}


@dataclass(frozen=True)
class Fee:
    """One item at one price. `own_fen`: what the patient bears of it before the insurance begins."""

    name: str
    unit: str
    quantity: str
    price_fen: int
    amount_fen: int
    grade: str
    own_fen: int


@dataclass(frozen=True)
class Group:
    """One category of fees."""

    code: str
    name: str
    fees: tuple[Fee, ...]

    @property
    def amount_fen(self) -> int:
        """What it comes to."""
        return sum(fee.amount_fen for fee in self.fees)

    @property
    def own_fen(self) -> int:
        """What of it the patient bears before the insurance begins."""
        return sum(fee.own_fen for fee in self.fees)


@dataclass(frozen=True)
class Fees:
    """Every category that has anything in it, in the order of an invoice."""

    groups: tuple[Group, ...]

    @property
    def total_fen(self) -> int:
        """What all of it comes to."""
        return sum(group.amount_fen for group in self.groups)

    @property
    def own_fen(self) -> int:
        """What of it the patient bears before the insurance begins."""
        return sum(group.own_fen for group in self.groups)

    @property
    def by_category(self) -> Mapping[str, int]:
        """The amounts by the codes of the categories."""
        return {group.code: group.amount_fen for group in self.groups}


def fees_of(conn: Connection, saga: Saga) -> Fees:
    """The fees of a settlement, named in the language of this context."""
    return fees(standing_lines(lines_taken(conn, saga)))


def fees(lines: Sequence[Row[Any]]) -> Fees:
    """These lines, added up. Own shares are rounded line by line, as the insurance does. Pure."""
    chinese = language() == "zh_CN"
    groups = []
    for code, category in categories().items():
        by_item: dict[tuple[str, int], list[Row[Any]]] = {}
        for row in lines:
            if row.category == code:
                by_item.setdefault((row.item, row.price_fen), []).append(row)
        found = tuple(_fee(rows, chinese=chinese) for rows in by_item.values())
        if found:
            groups.append(Group(code, category.name_zh if chinese else category.name_en, found))
    return Fees(tuple(groups))


def _fee(rows: Sequence[Row[Any]], *, chinese: bool) -> Fee:
    first = rows[0]
    return Fee(
        name=first.name_zh if chinese else first.name_en,
        unit=first.unit,
        quantity=_quantity(sum(row.quantity_e4 for row in rows)),
        price_fen=first.price_fen,
        amount_fen=sum(row.amount_fen for row in rows),
        grade=_GRADES_ZH[first.insurance_class] if chinese else first.insurance_class,
        own_fen=sum(share(row.amount_fen, row.self_pay_bp) for row in rows),
    )


def _quantity(quantity_e4: int) -> str:
    whole, part = divmod(abs(quantity_e4), E4)
    text = f"{whole}.{part:04d}".rstrip("0").rstrip(".")
    return f"-{text}" if quantity_e4 < 0 else text
