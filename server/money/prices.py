"""What things cost: a list of items whose prices hold from a day on. The one that ships is sample data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Context, Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from server.money.accounts import categories
from wardlink.clinical.written import read_toml
from wardlink.errors import Fault, FileWrong
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
_WRONG = N_("The price list is wrong in line {line}: {what}")
_NO_TABLE = N_("the table {name} is missing")
_OF_ITEM = N_("{item}: {name} is missing or not written as it must be")
_LONG = N_("{item}: {name} is longer than {most} characters")
_NOT_KNOWN = N_("{item}: {value} is not known for {name}")
_SHARE = N_("{item}: self_pay_bp is a whole number from 0 to {most}")
_PRICE = N_("{item}: a price is a day (from) and whole fen above 0 (fen)")
_ORDER = N_("{item}: the prices are not in the order of their days")
_CONTAINS = N_("{item}: what a unit contains is a number above 0")
_LONGEST = {"name_zh": 60, "name_en": 60, "national": 40, "spec": 40, "unit": 10}


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

    def __init__(self, table: Mapping[str, Any], line_of: Callable[[str], int] = lambda _item: 1) -> None:
        """Read a list as `prices.toml` is written. `line_of`: where an item stands, by its code.

        Raises:
            FileWrong: an item is wrong; names all that are.
        """
        classes, rows = _part(table, "classes"), _part(table, "items")
        try:
            self.class_names = {code: (str(row["name_zh"]), str(row["name_en"])) for code, row in classes.items()}
            shares = {code: int(row["self_pay_bp"]) for code, row in classes.items()}
        except (KeyError, TypeError, ValueError) as exc:
            raise FileWrong(_WRONG, [Fault(_OF_ITEM, 1, {"item": "classes", "name": str(exc.args[0])})]) from exc
        self.class_shares: Mapping[str, int] = shares
        faults, items = [], {}
        for code, row in rows.items():
            try:
                items[code] = _item(code, row, shares)
            except _Wrong as wrong:
                faults.append(Fault(wrong.sentence, line_of(code), {"item": code, **wrong.params}))
        if faults:
            raise FileWrong(_WRONG, faults)
        self.items: Mapping[str, Item] = items

    def item(self, code: str) -> Item | None:
        """The item with this code."""
        return self.items.get(code)


def read_prices(text: str) -> PriceList:
    """The list in this text.

    Raises:
        FileWrong: it is no TOML, or items are wrong; says in which lines and what.
    """
    lines = text.splitlines()

    def line_of(code: str) -> int:
        heads = re.compile(rf'\s*\[items\.["\']?{re.escape(code)}["\']?\]|\s*["\']?{re.escape(code)}["\']?\s*=')
        return next((n for n, line in enumerate(lines, 1) if heads.match(line)), 1)

    return PriceList(read_toml(text, wrong=_WRONG), line_of)


def sample_text() -> str:
    """The list that ships, as it is written."""
    return files("server.money").joinpath("prices.toml").read_text("utf-8")


@cache
def sample_prices() -> PriceList:
    """The list that ships."""
    return read_prices(sample_text())


def times(fen: int, quantity_e4: int) -> int:
    """What so many units cost, in whole fen, half a fen rounded up."""
    return int((Decimal(fen) * quantity_e4 / E4).quantize(Decimal(1), ROUND_HALF_UP, _WIDE))


class _Wrong(ValueError):
    """Something is wrong with the item that is being read."""

    def __init__(self, sentence: str, **params: object) -> None:
        self.sentence, self.params = sentence, params
        super().__init__(sentence)


def _part(table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = table.get(name)
    if not isinstance(found, Mapping):
        raise FileWrong(_WRONG, [Fault(_NO_TABLE, 1, {"name": name})])
    return found


def _demand(right: bool, sentence: str, **params: object) -> None:
    if not right:
        raise _Wrong(sentence, **params)


def _item(code: str, row: Any, shares: Mapping[str, int]) -> Item:
    _demand(isinstance(row, Mapping), _OF_ITEM, name="items")
    for name in ("national", "name_zh", "name_en", "spec", "unit", "class", "category"):
        _demand(isinstance(row.get(name), str), _OF_ITEM, name=name)
    _demand(len(code) <= _LONGEST["national"], _LONG, name="items", most=_LONGEST["national"])
    for name, most in _LONGEST.items():
        _demand(len(row[name]) <= most, _LONG, name=name, most=most)
    _demand(row["class"] in shares, _NOT_KNOWN, name="class", value=row["class"])
    _demand(row["category"] in categories(), _NOT_KNOWN, name="category", value=row["category"])
    share = row.get("self_pay_bp", shares.get(row["class"]))
    _demand(type(share) is int and 0 <= share <= WHOLE_BP, _SHARE, most=WHOLE_BP)
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
        prices=_prices(row.get("prices")),
        contains=_contains(row.get("contains", {})),
    )


def _prices(found: Any) -> tuple[Price, ...]:
    _demand(isinstance(found, list) and bool(found), _OF_ITEM, name="prices")
    for price in found:
        _demand(isinstance(price, Mapping) and type(price.get("from")) is date, _PRICE)
        _demand(type(price.get("fen")) is int and 0 < price["fen"] <= MONEY_MAX, _PRICE)
    days = [price["from"] for price in found]
    _demand(days == sorted(set(days)), _ORDER)
    return tuple(Price(price["from"], price["fen"]) for price in found)


def _contains(found: Any) -> dict[str, Decimal]:
    _demand(isinstance(found, Mapping), _CONTAINS)
    for amount in found.values():
        number = type(amount) in (int, float, Decimal) and Decimal(str(amount))
        _demand(isinstance(number, Decimal) and number.is_finite() and number > 0, _CONTAINS)
    return {unit: Decimal(str(amount)) for unit, amount in found.items()}
