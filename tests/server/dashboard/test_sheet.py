"""Tables as values: the same on the page and in a file, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest

from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.visit import inside

COLUMNS = (Column("name", "姓名"), Column("at", "时间"))
AT = datetime(2026, 11, 25, 2, 3, 4, tzinfo=UTC)


def read_back(sheet: Sheet) -> list[list[str]]:
    """What a spreadsheet reads."""
    return list(csv.reader(io.StringIO(sheet.csv().decode("utf-8-sig"))))


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2+3", "@sum(a1)", "\t=1", "\r=1"])
def test_a_text_that_looks_like_a_formula_is_exported_as_text(text: str) -> None:
    """A patient's name never runs on the desk of the one who opens the file."""
    assert read_back(Sheet(COLUMNS, (Row("1", {"name": Cell(text)}),)))[1][0][0] == "'"


@pytest.mark.parametrize("text", ["36.8", "-1.2", "+0.4", "王*英", 'he said "no", twice', "two\nlines", ""])
def test_other_texts_come_back_as_they_were(text: str) -> None:
    """Numbers stay numbers; quotes, commas and line ends survive."""
    assert read_back(Sheet(COLUMNS, (Row("1", {"name": Cell(text)}),)))[1][0] == text


def test_instants_are_exported_in_full_in_the_wards_time() -> None:
    """Short on the page, whole in the file."""
    rows = (Row("1", {"at": Cell("10:03:04", when=AT)}), Row("2", {"at": Cell(at=AT)}))

    assert [line[1] for line in read_back(Sheet(COLUMNS, rows))[1:]] == ["2026-11-25 10:03:04"] * 2


def test_a_search_looks_into_every_cell_whatever_the_case() -> None:
    """And finds all where nothing is wanted."""
    rows = tuple(Row(name, {"name": Cell(name)}) for name in ("M10", "t12", "T5"))
    sheet = Sheet(COLUMNS, rows)

    assert [row.key for row in sheet.having(" t").rows] == ["t12", "T5"]
    assert sheet.having("  ").rows == rows


@pytest.mark.parametrize(
    ("address", "led_to"),
    [
        ("/board/?ward=w3", "/board/?ward=w3"),
        ("/board/stay/1", "/board/stay/1"),
        (None, "/board/"),
        ("", "/board/"),
        ("https://example.org/board/", "/board/"),
        ("//example.org/board/", "/board/"),
        ("/board//example.org", "/board/"),
        ("/board/\\example.org", "/board/"),
        ("/api/v1/time", "/board/"),
    ],
)
def test_nobody_is_sent_to_another_place_after_signing_in(address: str | None, led_to: str) -> None:
    """A link with a foreign `next` leads to our first page."""
    assert inside(address) == led_to
