"""Rounding as on paper."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.clinical.exact import exact, half_up, scaled_half_up


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (38.05, 1, "38.1"),
        (38.04, 1, "38.0"),
        (95.5, 0, "96"),
        (94.5, 0, "95"),
        (0.1 + 0.2, 1, "0.3"),
        (2.675, 2, "2.68"),
    ],
)
def test_halves_go_up_whatever_their_binary_form(value: float, decimals: int, expected: str) -> None:
    """Python's own rounding would take 38.05 and 2.675 down."""
    assert half_up(value, decimals) == Decimal(expected)


@given(st.integers(0, 1_000_000), st.sampled_from([0, 1]))
def test_the_fast_rounding_is_the_exact_one(hundredths: int, decimals: int) -> None:
    """For every reading with two decimals both give the same digits."""
    value = hundredths / 100

    assert scaled_half_up(value, decimals) == half_up(value, decimals).scaleb(decimals)


@given(st.integers(0, 10_000), st.integers(1, 5))
def test_the_last_bits_of_a_float_decide_nothing(whole: int, bits: int) -> None:
    """A half that arithmetic has left a few bits short still goes up."""
    short = whole + 0.5
    for _ in range(bits):
        short = math.nextafter(short, 0)

    assert (half_up(short), scaled_half_up(short)) == (whole + 1, whole + 1)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_no_number_is_too_big_or_too_small(value: float) -> None:
    """Nonsense from the wire must reach its finding, not a crash."""
    assert exact(value).is_finite()
    assert half_up(value, 1).is_finite()
    assert isinstance(scaled_half_up(value, 1), int)
