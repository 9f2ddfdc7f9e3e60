"""Words on cells: nothing is lost, nothing is wider than its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.widgets.choices import columns_for
from bedside.widgets.lines import fitted, packed, wrapped
from bedside.widgets.touch import LEAST_CELLS, LEAST_ROWS
from wardlink.terminal.cells import width

TEXTS = st.text(st.sampled_from("abc 一二三，。（）·-'\n"), max_size=60)


@given(TEXTS, st.integers(min_value=2, max_value=30))
def test_wrapping_loses_nothing(text: str, cells: int) -> None:
    """But spaces at the ends of lines."""
    lines = wrapped(text, cells)

    assert all(width(line) <= cells for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_no_line_begins_with_a_comma() -> None:
    """As in print."""
    assert wrapped("体温正常，谢谢", 8) == ["体温正", "常，谢谢"]


def test_words_stay_whole() -> None:
    """English breaks between words, Chinese between characters."""
    assert wrapped("see the nurse", 8) == ["see the", "nurse"]


def test_what_is_cut_off_shows() -> None:
    """By an ellipsis."""
    assert fitted("一二三四五六", 4, 2) == ["一二", "三…"]


def test_parts_stay_whole() -> None:
    """A reading and its age are not torn apart."""
    assert packed(["体温 36.8", "脉搏 72", "血氧"], 18) == ["体温 36.8", "脉搏 72 · 血氧"]


@pytest.mark.parametrize(("cells", "rows"), [(96, 12), (76, 15), (60, 10), (58, 7)])
@pytest.mark.parametrize("count", range(1, 7))
def test_six_fields_are_large_enough_wherever_they_are(count: int, cells: int, rows: int) -> None:
    """Three rows and fourteen cells each, with a gap."""
    columns = columns_for(count, cells, rows, 3)
    lines = -(-count // columns)

    assert columns * LEAST_CELLS + columns - 1 <= cells
    assert lines * LEAST_ROWS + lines - 1 <= rows
