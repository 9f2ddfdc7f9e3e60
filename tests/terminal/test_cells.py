"""Text on a grid of cells."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.cases import case
from wardlink.terminal.cells import clip, fit, plain, width

ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=60)


@given(ANY_TEXT, st.integers(0, 40), st.sampled_from(["left", "right", "centre"]))
def test_fitted_text_takes_exactly_its_cells(text: str, cells: int, align: str) -> None:
    """Whatever people type, the column beside it stays where it is."""
    assert width(fit(plain(text), cells, align)) == cells  # type: ignore[arg-type]


@given(ANY_TEXT)
def test_plain_text_is_the_sum_of_its_characters(text: str) -> None:
    """No joiner is left that a terminal could take as one wide sign, and no mark of direction."""
    shown = plain(text)

    assert cell_len(shown) == sum(cell_len(char) for char in shown)
    assert plain(shown) == shown


@pytest.mark.parametrize(
    ("text", "cells", "expected"),
    [
        ("王秀英", 6, "王秀英"),
        ("王秀英", 5, "王秀…"),
        ("王秀英", 4, "王…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
        ("", 3, ""),
    ],
)
def test_what_is_cut_off_is_shown_by_an_ellipsis(text: str, cells: int, expected: str) -> None:
    """A Chinese character is never cut in half."""
    assert clip(text, cells) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("李\n静", "李 静"),
        ("a\u202eb", "ab"),
        ("\U0001f469\u200d\U0001f467", "\U0001f469\U0001f467"),
        ("❤\ufe0f", "❤"),
        ("e" + "\u0335" * 9, "e" + "\u0335" * 2),
        ("\u0335a", "a"),
        ("\x1b[31mred", "[31mred"),
    ],
)
def test_what_would_move_its_neighbours_is_gone(text: str, expected: str) -> None:
    """Line breaks become spaces; marks of direction, joiners, selectors, control codes and piles of marks go."""
    assert plain(text) == expected


@pytest.mark.cases
def test_naughty_strings_keep_to_their_cells() -> None:
    """Each of the Big List fits a column of twelve cells."""
    for text in json.loads(case("naughty", "blns.json").read_text(encoding="utf-8")):
        assert width(fit(plain(text), 12)) == 12
