"""Percentiles, medians, ratios and goals of a measurement."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.bench.figures import Goal, middle, paired_ratio, percentile, rounded

NUMBERS = st.floats(-1e9, 1e9)


@pytest.mark.parametrize(
    ("q", "expected"), [(0.0, 1), (0.01, 1), (0.011, 2), (0.5, 50), (0.99, 99), (0.991, 100), (1.0, 100)]
)
def test_a_percentile_is_one_of_the_values(q: float, expected: float) -> None:
    """Nearest rank: of 100 values the 99th is the p99, and a hair more is the 100th."""
    assert percentile(list(range(100, 0, -1)), q) == expected


@given(st.lists(NUMBERS, min_size=1), st.floats(0, 1))
def test_a_share_of_the_values_lies_at_or_under_a_percentile(values: list[float], q: float) -> None:
    """At least the share asked for is not above it."""
    found = percentile(values, q)

    assert sum(value <= found for value in values) >= q * len(values) - 1e-6
    assert found in values


def test_nothing_measured_is_not_a_number() -> None:
    """Neither a percentile nor a median of nothing is 0."""
    assert math.isnan(percentile([], 0.5))
    assert math.isnan(middle([]))
    assert math.isnan(paired_ratio([], []))


def test_a_ratio_pairs_the_rounds() -> None:
    """A round in which the whole machine was slow weighs no more than any other."""
    ours, floor = [50.0, 5.0, 60.0], [100.0, 10.0, 100.0]

    assert paired_ratio(ours, floor) == 0.5


@pytest.mark.parametrize(
    ("value", "side", "met"),
    [
        (0.5, "at least", True),
        (0.4999, "at least", False),
        (3.0, "at most", True),
        (3.0001, "at most", False),
        (math.nan, "at least", False),
        (math.nan, "at most", False),
    ],
)
def test_a_goal_is_met_at_its_bound_and_never_without_a_number(value: float, side: str, met: bool) -> None:
    """The bound itself counts; what was not measured does not."""
    bound = 0.5 if side == "at least" else 3.0

    assert Goal("g", value, side, bound).met is met  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(12_345.6, 12_346), (123.456, 123.5), (12.345, 12.35), (0.123456, 0.1235), (-2_000.4, -2_000)],
)
def test_a_figure_carries_few_digits(value: float, expected: float) -> None:
    """Three or four digits."""
    assert rounded(value) == pytest.approx(expected)
