"""A lead in fewer points looks like all of it: no peak is lost, no gap is bridged."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clinical.ecg.strips import AT
from wardlink.clinical.ecg.sample import sample_strip
from wardlink.clinical.ecg.strip import MISSING
from wardlink.clinical.ecg.tracing import traced

SAMPLES = st.lists(st.one_of(st.integers(-300, 300), st.just(MISSING)), max_size=300).map(lambda v: array("h", v))


@given(SAMPLES, st.sampled_from([50.0, 99.0, 100.0, 250.0, 360.0, 500.0, 2000.0]))
def test_the_ends_of_every_column_are_kept(samples: array[int], rate_hz: float) -> None:
    """Of the values in a column the least and the greatest are drawn there, and nothing that was not measured."""
    runs = traced(samples, rate_hz=rate_hz, columns_per_s=100)

    drawn: dict[int, set[int]] = {}
    for run in runs:
        for column, value in run:
            drawn.setdefault(column, set()).add(value)
    measured: dict[int, set[int]] = {}
    for index, value in enumerate(samples):
        if value != MISSING:
            measured.setdefault(int(index / (rate_hz / 100)), set()).add(value)
    assert {column: (min(v), max(v)) for column, v in drawn.items()} == {
        column: (min(v), max(v)) for column, v in measured.items()
    }
    assert all(drawn[column] <= measured[column] for column in drawn)


@given(SAMPLES)
def test_a_run_is_short_and_goes_to_the_right(samples: array[int]) -> None:
    """At most two points a column, and as many runs as there are stretches without a gap."""
    runs = traced(samples, rate_hz=500, columns_per_s=100)

    stretches = sum(
        value != MISSING and (index == 0 or samples[index - 1] == MISSING) for index, value in enumerate(samples)
    )
    assert len(runs) == stretches
    for run in runs:
        columns = [column for column, _value in run]
        assert columns == sorted(columns)
        assert all(columns.count(column) <= 2 for column in columns)


@pytest.mark.parametrize(
    ("values", "points"),
    [
        ([], ()),
        ([MISSING] * 7, ()),
        ([4], (((0, 4),),)),
        ([4] * 5, (((0, 4),),)),
        ([4, 9, 1, 4, 4], (((0, 9), (0, 1)),)),
        ([1, 4, 9, 4, 4, 5], (((0, 1), (0, 9), (1, 5)),)),
        ([1, MISSING, 2, MISSING, MISSING, 3], (((0, 1),), ((0, 2),), ((1, 3),))),
    ],
)
def test_five_samples_are_a_column(values: list[int], points: tuple[object, ...]) -> None:
    """At 500 Hz and 100 columns a second: none, one value, two in their order, and a gap within a column."""
    assert traced(array("h", values), rate_hz=500, columns_per_s=100) == points


def test_a_long_strip_becomes_small() -> None:
    """Twelve leads of ten seconds: less than half of the points are left."""
    strip, _peaks = sample_strip(AT)
    points = sum(len(run) for s in strip.leads.values() for run in traced(s, rate_hz=500, columns_per_s=100))

    assert points <= 2 * 100 * 10 * 12 < sum(map(len, strip.leads.values())) / 2
