"""The price list: which price holds on a day, how many units a dose opens, and lists that cannot be right."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from server.money.accounts import categories
from server.money.prices import E4, PriceList, read_prices, sample_prices, sample_text, times
from server.money.tables import load
from wardlink.clinical.drugs import sample_drugs
from wardlink.clinical.tables import TRUST_TAGS
from wardlink.errors import FileWrong, Misconfigured

HALF, ONE, TWO = Decimal("0.5"), Decimal(1), Decimal(2)


@pytest.mark.parametrize(
    ("day", "fen"),
    [
        (date(2025, 12, 31), None),
        (date(2026, 1, 1), 3_500),
        (date(2026, 9, 30), 3_500),
        (date(2026, 10, 1), 4_000),
        (date(2030, 1, 1), 4_000),
    ],
)
def test_a_price_holds_from_its_day_on(day: date, fen: int | None) -> None:
    """The last day of one price and the first of the next; nothing before the first."""
    assert sample_prices().items["bed-3"].fen_on(day) == fen


@pytest.mark.parametrize(
    ("item", "parts", "units"),
    [
        ("aspirin-100mg", [(ONE, "片")], 1),
        ("aspirin-100mg", [(Decimal("100.1"), "mg")], 2),
        ("aspirin-100mg", [(Decimal(100), "mg")], 1),
        ("ceftriaxone-1g", [(HALF, "g")], 1),
        ("ceftriaxone-1g", [(TWO * HALF, "g"), (ONE, "支")], 2),
        ("warfarin-2.5mg", [(Decimal("7.5"), "mg")], 3),
        ("insulin-aspart", [(Decimal(8), "U")], 8),
        ("insulin-aspart", [(Decimal("0.5"), "U")], 1),
    ],
)
def test_an_opened_unit_is_used_up(item: str, parts: list[tuple[Decimal, str]], units: int) -> None:
    """A vial of which half was given is charged whole; two halves in one bag are one."""
    assert sample_prices().items[item].units_e4(parts, whole=True) == units * E4


def test_what_may_be_kept_is_charged_by_its_part() -> None:
    """Where a hospital says that an opened unit is not used up."""
    assert sample_prices().items["aspirin-100mg"].units_e4([(Decimal(50), "mg")], whole=False) == E4 // 2


def test_a_unit_that_the_list_does_not_know_is_no_number() -> None:
    """Nobody has said how many drops an ampoule holds: a person must."""
    assert sample_prices().items["furosemide-20mg"].units_e4([(ONE, "滴")], whole=True) is None


@pytest.mark.parametrize(("fen", "quantity_e4", "amount"), [(100, 15_000, 150), (1, 5_000, 1), (1, 4_999, 0)])
def test_half_a_fen_is_rounded_up(fen: int, quantity_e4: int, amount: int) -> None:
    """Exact, whatever the quantity."""
    assert times(fen, quantity_e4) == amount


def test_every_drug_of_the_sample_dictionary_has_a_price() -> None:
    """In the unit in which a nurse counts it as well."""
    assert set(sample_drugs()) <= set(sample_prices().items)
    assert all(sample_prices().items[drug].contains for drug in sample_drugs())


def test_every_item_that_a_rule_names_has_a_price_from_its_day_on() -> None:
    """Else it would be missing from the first bill."""
    rules = [row for name in ("day_items", "level_items", "route_items") for row in load("charging")[name]]

    assert [row for row in rules if sample_prices().items[row["item"]].fen_on(row["from"]) is None] == []


def rows_of(part: Any) -> list[dict[str, Any]]:
    """The rows of a part of a table: it is one itself, a list of them, or holds them by name."""
    if isinstance(part, list):
        return part
    return [part] if "source" in part else list(part.values())


@pytest.mark.parametrize("table", ["accounts", "charging", "policy", "prices"])
def test_every_row_says_where_it_comes_from(table: str) -> None:
    """Source, date and trust, as every clinical table."""
    rows = [row for part in load(table).values() for row in rows_of(part)]

    assert [row for row in rows if not row["source"] or row["trust"] not in TRUST_TAGS or "as_of" not in row] == []
    assert rows


def test_the_categories_are_those_of_an_invoice() -> None:
    """Every item falls into one."""
    assert {item.category for item in sample_prices().items.values()} <= set(categories())


WRONG: list[tuple[str, Callable[[dict[str, Any]], Any]]] = [
    ("no price", lambda row: row.update(prices=[])),
    ("a price below nothing", lambda row: row["prices"][0].update(fen=-1)),
    ("a free item", lambda row: row["prices"][0].update(fen=0)),
    ("a fraction of a fen", lambda row: row["prices"][0].update(fen=1.5)),
    ("beyond reason", lambda row: row["prices"][0].update(fen=10**12)),
    ("two prices on one day", lambda row: row["prices"].append(dict(row["prices"][0]))),
    ("prices out of order", lambda row: row["prices"].append({"from": date(2020, 1, 1), "fen": 1})),
    ("a day that is none", lambda row: row["prices"][0].update({"from": "soon"})),
    ("an unknown category", lambda row: row.update(category="gold")),
    ("an unknown class", lambda row: row.update({"class": "D"})),
    ("a share above all", lambda row: row.update(self_pay_bp=10_001)),
    ("a unit that holds nothing", lambda row: row.update(contains={"mg": 0})),
    ("no name", lambda row: row.pop("name_zh")),
]


@pytest.mark.parametrize("spoil", [spoil for _, spoil in WRONG], ids=[name for name, _ in WRONG])
def test_a_list_that_cannot_be_right_is_refused_with_the_item(spoil: Callable[[dict[str, Any]], Any]) -> None:
    """The server does not start with it; the sentence names the item."""
    table = copy.deepcopy(dict(load("prices")))
    spoil(table["items"]["bed-3"])

    with pytest.raises(Misconfigured, match="bed-3"):
        PriceList(table)


def test_all_items_that_are_wrong_are_named_with_their_lines() -> None:
    """At once, where each begins."""
    text = sample_text().replace("fen = 28 ", "fen = 2.8 ", 1).replace('category = "bed"', 'category = "gold"', 1)

    with pytest.raises(FileWrong) as refused:
        read_prices(text)

    lines = text.splitlines()
    heads = [lines[fault.line - 1] for fault in refused.value.faults]
    assert heads[0] == '[items."amlodipine-5mg"]'
    assert len(heads) == 2
    with pytest.raises(FileWrong):
        read_prices("[items")
