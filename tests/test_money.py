"""Amounts are whole fen; nothing else is read as one, and no share loses a fen."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from wardlink.i18n import speaking
from wardlink.money import MONEY_MAX, AmountInvalid, Fen, PositiveFen, fen, share, yuan


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "0.00"),
        (5, "0.05"),
        (99, "0.99"),
        (100, "1.00"),
        (1234567, "12345.67"),
        (-5, "-0.05"),
        (-100, "-1.00"),
        (MONEY_MAX, "100000000.00"),
    ],
)
def test_fen_are_shown_in_yuan(amount: int, text: str) -> None:
    """By whole numbers: a fen is never lost to a float (ward domain sheet 7.6)."""
    assert yuan(amount) == text


@given(st.integers(-MONEY_MAX, MONEY_MAX))
def test_what_was_shown_is_read_again(amount: int) -> None:
    """`fen` is the inverse of `yuan`, for every amount there may be."""
    assert fen(yuan(amount), signed=True) == amount


@pytest.mark.parametrize(("text", "amount"), [("0", 0), ("12", 1200), ("12.3", 1230), ("12.34", 1234), ("0.5", 50)])
def test_decimals_may_be_left_out(text: str, amount: int) -> None:
    """As people write amounts."""
    assert fen(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "12.345",
        "1.",
        ".5",
        "+5",
        "1,000",
        "01",
        "1e3",
        "１２",
        "12元",
        "nan",
        "inf",
        " 5",
        "5\n",
        "--5",
        "1_0",
    ],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    """Separators, a third decimal, full-width digits, spaces: a person writes it again."""
    with pytest.raises(AmountInvalid):
        fen(text, signed=True)


@pytest.mark.parametrize("value", [12.5, 12, None, True])
def test_what_is_no_text_is_refused(value: Any) -> None:
    """A float has lost its fen already."""
    with pytest.raises(AmountInvalid):
        fen(value)


@pytest.mark.parametrize("text", ["-0.01", "-5"])
def test_below_zero_only_where_it_is_allowed(text: str) -> None:
    """Most amounts have no sign."""
    with pytest.raises(AmountInvalid) as refused:
        fen(text)

    with speaking("en"):
        assert "below zero" in refused.value.text()
    assert fen(text, signed=True) < 0


@pytest.mark.parametrize("text", ["100000000.01", "999999999999"])
def test_beyond_reason_is_refused(text: str) -> None:
    """One fen above the most, and much above it."""
    with pytest.raises(AmountInvalid):
        fen(text)


@pytest.mark.parametrize(
    ("amount", "basis_points", "part"),
    [
        (100, 8_500, 85),
        (1, 5_000, 1),
        (1, 4_999, 0),
        (3, 5_000, 2),
        (-1, 5_000, -1),
        (433_333 - 20_000, 9_200, 380_266),
        (837_500 - 40_000, 9_200, 733_700),
        (0, 10_000, 0),
        (7, 0, 0),
    ],
)
def test_half_a_fen_is_rounded_up(amount: int, basis_points: int, part: int) -> None:
    """Half, and a hair below it; the shares of the ward domain sheet's examples (8.4)."""
    assert share(amount, basis_points) == part


@given(st.integers(-MONEY_MAX, MONEY_MAX), st.integers(0, 10_000))
def test_a_share_is_right_to_half_a_fen_and_symmetric(amount: int, basis_points: int) -> None:
    """Exact arithmetic says the same, and a reversal takes back exactly what was booked."""
    part = share(amount, basis_points)

    assert abs(part * 10_000 - amount * basis_points) <= 5_000
    assert share(-amount, basis_points) == -part
    assert 0 <= abs(part) <= abs(amount)


@pytest.mark.parametrize("basis_points", [-1, 10_001])
def test_more_than_all_is_no_share(basis_points: int) -> None:
    """One step outside on either side."""
    with pytest.raises(ValueError, match="no share"):
        share(100, basis_points)


@pytest.mark.parametrize("value", [1.0, 1.5, "1", True, -1, MONEY_MAX + 1, None])
def test_a_message_takes_whole_fen_only(value: Any) -> None:
    """No float, no text, no truth value, nothing below zero or beyond reason."""
    with pytest.raises(ValidationError):
        TypeAdapter(Fen).validate_python(value)


def test_nothing_is_an_amount_but_not_a_payment() -> None:
    """`Fen` takes zero, `PositiveFen` does not."""
    assert TypeAdapter(Fen).validate_python(0) == 0
    with pytest.raises(ValidationError):
        TypeAdapter(PositiveFen).validate_python(0)
