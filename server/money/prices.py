"""What things cost: a list of items whose prices hold from a day on. The one that ships is sample data."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Context, Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from server.money.accounts import categories
from server.money.tables import load
from wardlink.errors import Misconfigured
from wardlink.i18n import N_, language
from wardlink.money import MONEY_MAX, WHOLE_BP

InsuranceClass = Literal["A", "B", "C"]
"""甲, 乙 and 丙."""

E4 = 10_000
"""Quantities are counted in ten-thousandths of a unit."""

MOST_E4 = 100_000 * E4
"""No line is of more than a hundred thousand units."""

_WIDE = Context(prec=60)
_FINE = Decimal("1e-12")
_WRONG = N_("The price list is wrong at {item}: {what}")


@dataclass(frozen=True)
class Price:
    """What one unit costs from a day on, in fen."""

    from_on: date
    fen: int


@dataclass(frozen=True)
class Item:
    """Something that is charged for. `national` is its code at the medical insurance, `code` the hospital's own.

    `contains`: how much of a drug one unit holds, by the unit in which it may be ordered. `self_pay_bp`: what the
    patient pays of it before the insurance begins.
    """

    code: str
    national: str
    name_zh: str
    name_en: str
    spec: str
    unit: str
    insurance_class: InsuranceClass
    category: str
    self_pay_bp: int
    prices: tuple[Price, ...]
    contains: Mapping[str, Decimal]

    def name(self) -> str:
        """What it is called in the language of this context."""
        return self.name_zh if language() == "zh_CN" else self.name_en

    def fen_on(self, day: date) -> int | None:
        """What one unit costs on this day; None before its first price."""
        found = [price.fen for price in self.prices if price.from_on <= day]
        return found[-1] if found else None

    def units_e4(self, parts: Iterable[tuple[Decimal, str]], *, whole: bool) -> int | None:
        """How many units so much of it is, in ten-thousandths; `whole`: an opened unit is used up.

        None where nobody has said how much of it a unit holds.
        """
        units = Decimal(0)
        for amount, unit in parts:
            if unit not in self.contains:
                return None
            units += amount / self.contains[unit]
        if whole:
            # What division leaves behind the twelfth digit opens no unit.
            return int(units.quantize(_FINE, ROUND_HALF_UP, _WIDE).to_integral_value(ROUND_CEILING, _WIDE)) * E4
        return int((units * E4).to_integral_value(ROUND_HALF_UP, _WIDE))


class PriceList:
    """The items by the hospital's own codes."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Read a list as `prices.toml` is written.

        Raises:
            Misconfigured: an item is wrong; says which and what.
        """
        self.class_names = {code: (row["name_zh"], row["name_en"]) for code, row in _part(table, "classes").items()}
        shares = {code: row["self_pay_bp"] for code, row in _part(table, "classes").items()}
        self.items: Mapping[str, Item] = {code: _item(code, row, shares) for code, row in _part(table, "items").items()}

    def item(self, code: str) -> Item | None:
        """The item with this code."""
        return self.items.get(code)


def read_prices(path: Path) -> PriceList:
    """The hospital's own list.

    Raises:
        Misconfigured: there is no such file, it is no TOML, or an item is wrong.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise Misconfigured(_WRONG, item=str(path), what=" ".join(str(exc).split())) from exc
    return PriceList(table)


@cache
def sample_prices() -> PriceList:
    """The list that ships."""
    return PriceList(load("prices"))


def times(fen: int, quantity_e4: int) -> int:
    """What so many units cost, in whole fen, half a fen rounded up."""
    return int((Decimal(fen) * quantity_e4 / E4).quantize(Decimal(1), ROUND_HALF_UP, _WIDE))


def _part(table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = table.get(name)
    if not isinstance(found, Mapping):
        raise Misconfigured(_WRONG, item=name, what="missing")
    return found


def _item(code: str, row: Mapping[str, Any], shares: Mapping[str, int]) -> Item:
    def demand(right: bool, what: str) -> None:
        if not right:
            raise Misconfigured(_WRONG, item=code, what=what)

    for name in ("national", "name_zh", "name_en", "spec", "unit", "class", "category"):
        demand(isinstance(row.get(name), str), name)
    demand(len(code) <= 40 and len(row["name_zh"]) <= 60 and len(row["name_en"]) <= 60, "name")
    demand(len(row["national"]) <= 40 and len(row["spec"]) <= 40 and len(row["unit"]) <= 10, "spec")
    demand(row["class"] in shares, "class")
    demand(row["category"] in categories(), "category")
    share = row.get("self_pay_bp", shares.get(row["class"]))
    demand(type(share) is int and 0 <= share <= WHOLE_BP, "self_pay_bp")
    prices = [
        Price(price["from"], price["fen"])
        for price in row.get("prices", ())
        if type(price.get("from")) is date and type(price.get("fen")) is int
    ]
    demand(bool(prices) and len(prices) == len(row["prices"]), "prices")
    demand(all(0 < price.fen <= MONEY_MAX for price in prices), "prices: fen")
    days = [price.from_on for price in prices]
    demand(days == sorted(set(days)), "prices: from")
    contains = {unit: Decimal(str(amount)) for unit, amount in row.get("contains", {}).items()}
    demand(all(amount.is_finite() and amount > 0 for amount in contains.values()), "contains")
    return Item(
        code=code,
        national=row["national"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        spec=row["spec"],
        unit=row["unit"],
        insurance_class=row["class"],
        category=row["category"],
        self_pay_bp=int(share),
        prices=tuple(prices),
        contains=contains,
    )
