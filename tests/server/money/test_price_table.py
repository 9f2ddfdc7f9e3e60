"""The price list as a table for spreadsheets: there and back, and what is wrong with its line."""

from __future__ import annotations

import pytest

from server.house.acts import House
from server.house.drafts import Draft
from server.house.file import HouseFile
from server.house.kinds import PRICES
from server.house.shelf import Shelf
from server.money.price_table import as_table, from_table
from server.money.prices import read_prices, sample_prices
from tests.server.wards import SmallWard
from wardlink.errors import FileWrong

OURS = as_table(sample_prices()).decode("utf-8-sig")
FIRST = OURS.splitlines()[1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_there_and_back_it_is_the_same_list(encoding: str) -> None:
    """Every item with its prices, whatever a spreadsheet saves it as."""
    back = read_prices(from_table(OURS.encode(encoding), sample_prices()))

    assert back.items == sample_prices().items
    assert (back.class_names, back.class_shares) == (sample_prices().class_names, sample_prices().class_shares)


def test_a_second_line_of_an_item_is_another_price() -> None:
    """In the order of their days, also as a spreadsheet writes a day."""
    more = FIRST.replace("2026-01-01,0.28", "2026/7/1,0.30")
    text = from_table(f"{OURS}{more}\r\n".encode(), sample_prices())

    assert [price.fen for price in read_prices(text).items["amlodipine-5mg"].prices] == [28, 30]


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        ("2026-01-01,0.28", "soon,0.28", 2),
        ("2026-01-01,0.28", "2026-02-30,0.28", 2),
        ("2026-01-01,0.28", "2026-01-01,0.285", 2),
        ("2026-01-01,0.28", "2026-01-01,0", 2),
        ("2026-01-01,0.28", "2026-01-01,much", 2),
        (",drug,", ",gold,", 2),
        ("mg=5", "mg=five", 2),
        ("code,", "kode,", 1),
    ],
)
def test_what_is_wrong_is_named_with_the_line_of_the_table(right: str, wrong: str, line: int) -> None:
    """Not with a line of a text that nobody has seen."""
    with pytest.raises(FileWrong) as refused:
        from_table(OURS.replace(right, wrong, 1).encode(), sample_prices())

    assert [fault.line for fault in refused.value.faults] == [line]


def test_a_table_is_looked_at_as_one(ward: SmallWard) -> None:
    """By its name; what is kept is the text."""
    house = House(ward.core, {"prices": HouseFile(PRICES, None, Shelf(ward.core, "prices"))})
    good = house.looked(Draft("prices", "m", "新价目.CSV", OURS.replace("0.28", "0.29", 1).encode("gb18030")))
    bad = house.looked(Draft("prices", "m", "a.csv", OURS.replace(",0.28", ",x", 1).encode()))

    assert good.read.items["amlodipine-5mg"].prices[0].fen == 29
    assert [fault.line for fault in bad.faults] == [2]
