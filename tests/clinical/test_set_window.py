"""Readings minutes apart that are one set."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clinical.sets import NORMAL, NOW
from wardlink.clinical.items import ITEMS
from wardlink.clinical.set_window import TOGETHER, Taken, one_set, window


def taken(minutes_ago: float, **readings: Any) -> Taken:
    """Readings of so many minutes ago."""
    return Taken(NOW - timedelta(minutes=minutes_ago), readings)


@pytest.mark.parametrize(
    ("minutes_ago", "joins"), [(0, True), (5, True), (15, True), (15.1, False), (-1, False), (600, False)]
)
def test_the_window_is_fifteen_minutes(minutes_ago: float, joins: bool) -> None:
    """Both ends belong to it; what was taken later is another set."""
    found = one_set(taken(0, rr_per_min=16.0), [taken(minutes_ago, pulse_per_min=72.0)])

    assert window() == timedelta(minutes=15)
    assert ("pulse_per_min" in found.readings, found.is_joined) == (joins, joins)


def test_the_newest_reading_stands() -> None:
    """Of each kind; and the set says from when to when it was taken."""
    found = one_set(
        taken(0, rr_per_min=20.0),
        [taken(10, rr_per_min=12.0, pulse_per_min=70.0), taken(5, pulse_per_min=99.0, temp_c=38.0)],
    )

    assert found.readings == {"rr_per_min": 20.0, "pulse_per_min": 99.0, "temp_c": 38.0}
    assert (found.since_at, found.until_at) == (NOW - timedelta(minutes=5), NOW)
    assert set(found.taken_over) == {"pulse_per_min", "temp_c"}


def test_a_saturation_is_never_given_the_oxygen_of_another_minute() -> None:
    """On air and on oxygen it means two things."""
    found = one_set(taken(0, spo2_pct=93.0), [taken(3, spo2_pct=98.0, o2_on=True, o2_mode="nasal")])

    assert found.readings == {"spo2_pct": 93.0}


@given(st.dictionaries(st.sampled_from(sorted(NORMAL)), st.integers(0, 30), min_size=1))
def test_readings_of_one_group_come_from_one_instant(minutes: dict[str, int]) -> None:
    """However a round was interrupted, and nothing from outside the window."""
    sets = [taken(ago, **{key: NORMAL[key] for key in minutes if minutes[key] == ago}) for ago in set(minutes.values())]
    newest = max(sets, key=lambda one: one.at)
    found = one_set(newest, [one for one in sets if one is not newest])

    for group in TOGETHER:
        assert len({minutes[key] for key in group if key in found.readings}) <= 1
    assert all(minutes[key] - min(minutes.values()) <= 15 for key in found.readings)


def test_every_reading_of_a_group_is_one_of_the_dictionary() -> None:
    """A wrong name would never be met."""
    assert {key for group in TOGETHER for key in group} <= set(ITEMS)
