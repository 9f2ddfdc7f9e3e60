"""What a patient types to say who they are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.sample import sample_stay
from bedside.usecases.typed import (
    LETTERS,
    LONGEST_NO,
    Field,
    Typed,
    admission_no_to_send,
    pages_of_letters,
    prefix_of,
)
from bedside.widgets.pad import DELETE, OTHER, TURN, Layout, digit_keys, letter_keys

NOW = datetime(2026, 11, 23, 2, 42, tzinfo=UTC)


def typed(text: str, begun: Typed | None = None) -> Typed:
    """`text`, a key after the other."""
    found = begun or Typed()
    for char in text:
        found = found.add(char)
    return found


@pytest.mark.parametrize(
    ("prefix", "keys", "expected"),
    [
        ("ZY", "026001", "ZY026001"),
        ("ZY", "ZY026001", "ZY026001"),
        ("ZY", "zy026001", "ZY026001"),
        (None, "2026-17", "2026-17"),
        (None, "a_b c", "ABC"),
        (None, "9" * 25, "9" * LONGEST_NO),
    ],
)
def test_an_admission_number_is_typed(prefix: str | None, keys: str, expected: str) -> None:
    """The hospital's letters are offered and may be typed over; what no number holds is not taken."""
    assert typed(keys, Typed.begun(prefix)).admission_no == expected


@pytest.mark.parametrize(
    ("keys", "expected", "whole"),
    [
        ("123x", "123X", True),
        ("1234", "1234", True),
        ("12X4", "124", False),
        ("X", "", False),
        ("19500517", "19500517", True),
        ("195005178", "19500517", True),
        ("19500230", "19500230", False),
        ("20261124", "20261124", False),
        ("20261123", "20261123", True),
        ("18991231", "18991231", False),
        ("12345", "12345", False),
        ("123", "123", False),
    ],
)
def test_the_second_answer_is_four_characters_or_a_day(keys: str, expected: str, whole: bool) -> None:
    """X can only be the fourth; a day must exist, and not lie ahead."""
    found = typed("", Typed(field=Field.SECOND))
    for char in keys:
        found = found.add(char)

    assert (found.second, found.is_second_whole(NOW)) == (expected, whole)


def test_deleting_and_going_back_leaves_the_first_answer() -> None:
    """A wrong second answer does not cost the number."""
    found = typed("12", typed("17", Typed()).at(Field.SECOND)).back()

    assert (found.admission_no, found.second) == ("17", "1")
    assert found.cleared().at(Field.ADMISSION_NO).text == "17"


@pytest.mark.parametrize(
    ("admission_no", "expected"),
    [("ZY026001", "ZY"), ("zy1", "ZY"), ("2026001", None), ("ABCDE1", None), ("AB", None), (None, None), ("A-1", None)],
)
def test_only_the_hospitals_letters_are_offered(admission_no: str | None, expected: str | None) -> None:
    """Never a digit: it could be somebody's."""
    assert prefix_of(admission_no) == expected


def test_a_number_is_sent_as_the_hospital_writes_it() -> None:
    """The pad has capitals only."""
    stay = sample_stay(NOW, admission_no="zy-7a")

    assert admission_no_to_send("ZY-7A", stay) == "zy-7a"
    assert admission_no_to_send("ZY-7B", stay) == "ZY-7B"
    assert admission_no_to_send("ZY-7A", None) == "ZY-7A"


@given(st.integers(min_value=0, max_value=60))
def test_every_letter_is_on_some_page(keys: int) -> None:
    """Once."""
    assert "".join(pages_of_letters(keys)) == LETTERS


@pytest.mark.parametrize(("cells", "rows"), [(96, 16), (76, 16), (60, 12), (58, 11), (20, 3)])
def test_the_pad_fits_its_room(cells: int, rows: int) -> None:
    """All digits at once; all letters on some page; the way back and Delete on every one."""
    layout = Layout.of(cells, rows)

    digits, _columns = digit_keys(layout)
    assert set(digits) == {*"0123456789", OTHER, DELETE}
    if layout.keys < 4:
        return
    seen: set[str] = set()
    for page in range(len(LETTERS)):
        keys, columns = letter_keys(layout, page)
        assert len(keys) <= layout.keys
        assert columns <= layout.columns
        assert {DELETE, OTHER} <= set(keys)
        assert TURN in keys or set(LETTERS) <= set(keys)
        seen |= set(keys)
    assert set(LETTERS) <= seen
