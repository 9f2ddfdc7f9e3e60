"""Windows of doses, the arithmetic of infusions, and skin tests, at each bound and a step beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.clinical import skin_test
from wardlink.clinical.dose_windows import window
from wardlink.clinical.frequencies import frequencies
from wardlink.clinical.infusion import (
    drops_per_min,
    is_nearly_empty,
    minutes_to_run,
    ml_per_hour,
    next_patrol_at,
    remaining_ml,
)

DUE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
S = timedelta(seconds=1)
MIN = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("code", "classes", "side_min"),
    [
        ("q8h", (), 60),
        ("qd", (), 120),
        ("qod", (), 120),
        ("q4h", (), 60),
        ("q3h", (), 30),
        ("q1h", (), 30),
        ("tid", ("antiepileptic",), 30),
        ("qd", ("antiepileptic",), 30),
        ("qd", ("statin",), 120),
        ("st", (), 15),
        ("once", (), 120),
    ],
)
def test_both_ends_belong_to_the_window(code: str, classes: tuple[str, ...], side_min: int) -> None:
    """On the second at either end it is on time, a second outside it is not."""
    found = window(DUE, frequencies()[code], drug_classes=classes)
    opens, closes = DUE - side_min * MIN, DUE + side_min * MIN

    said = [found.punctuality(at) for at in (opens - S, opens, DUE, closes, closes + S)]

    assert said == ["early", "on-time", "on-time", "on-time", "late"]


def test_missed_four_hours_after_the_window_or_when_the_next_is_due() -> None:
    """Whichever comes first."""
    alone = window(DUE, frequencies()["q8h"])
    often = window(DUE, frequencies()["q2h"], next_due_at=DUE + 120 * MIN)

    assert [alone.is_missed(DUE + 300 * MIN - S), alone.is_missed(DUE + 300 * MIN)] == [False, True]
    assert [often.is_missed(DUE + 120 * MIN - S), often.is_missed(DUE + 120 * MIN)] == [False, True]


@pytest.mark.parametrize(
    ("volume_ml", "minutes", "gtt_per_ml", "expected"),
    [(500, 240, 20, 42), (250, 90, 20, 56), (100, 30, 20, 67), (500, 240, 60, 125), (1, 2, 15, 8)],
)
def test_drops_a_minute(volume_ml: float, minutes: float, gtt_per_ml: int, expected: int) -> None:
    """To the nearest drop."""
    assert drops_per_min(volume_ml, minutes, gtt_per_ml) == expected


def test_a_pump_and_the_time_it_takes() -> None:
    """500 mL in four hours are 125 mL/h; 1000 mL at 60 drops of 1/20 mL run 5 h 33 min."""
    assert (ml_per_hour(500, 240), ml_per_hour(100, 90)) == (125.0, 66.7)
    assert minutes_to_run(1000, 60, 20) == 5 * 60 + 33


@pytest.mark.parametrize(
    ("volume_ml", "minutes", "gtt_per_ml"), [(0, 60, 20), (-1, 60, 20), (100, 0, 20), (100, 60, 17)]
)
def test_nothing_is_computed_from_nonsense(volume_ml: float, minutes: float, gtt_per_ml: int) -> None:
    """No volume, no time, no such giving set."""
    with pytest.raises(ValueError, match=r"nothing to drip|no giving set"):
        drops_per_min(volume_ml, minutes, gtt_per_ml)


@given(volume_ml=st.integers(10, 3000), minutes=st.integers(5, 1440), gtt_per_ml=st.sampled_from([10, 15, 20, 60]))
def test_the_rate_empties_the_bag_in_about_that_time(volume_ml: int, minutes: int, gtt_per_ml: int) -> None:
    """Within what a rounded drop can make of it."""
    rate = drops_per_min(volume_ml, minutes, gtt_per_ml)
    if rate:
        exact = volume_ml * gtt_per_ml / minutes
        assert abs(minutes_to_run(volume_ml, rate, gtt_per_ml) - minutes) <= minutes * 0.5 / min(rate, exact) + 1


@pytest.mark.parametrize(
    ("left_ml", "rate_ml_per_h", "expected"),
    [(30, 60, True), (30.1, 60, False), (50, 300, True), (50.1, 300, False), (31, 0, False), (0, 0, True)],
)
def test_nearly_empty(left_ml: float, rate_ml_per_h: float, expected: bool) -> None:
    """30 mL or ten minutes, whichever comes first."""
    assert is_nearly_empty(left_ml, rate_ml_per_h) is expected


def test_what_is_left_is_never_below_nothing() -> None:
    """An estimate from the rate; a clock that runs back gives nothing back."""
    assert remaining_ml(500, 125, DUE, DUE + 120 * MIN) == 250
    assert remaining_ml(500, 125, DUE, DUE + 600 * MIN) == 0
    assert remaining_ml(500, 125, DUE, DUE - 60 * MIN) == 500


def test_patrols_are_dense_in_the_first_hour() -> None:
    """Every 30 minutes, then every hour."""
    assert next_patrol_at(DUE, DUE) == DUE + 30 * MIN
    assert next_patrol_at(DUE, DUE + 59 * MIN) == DUE + 89 * MIN
    assert next_patrol_at(DUE, DUE + 60 * MIN) == DUE + 120 * MIN


def test_a_skin_test_is_read_in_its_time() -> None:
    """From 15 to 30 minutes after the injection."""
    said = [skin_test.reading(DUE, DUE + d) for d in (15 * MIN - S, 15 * MIN, 30 * MIN, 30 * MIN + S)]

    assert said == ["too-early", "in-time", "in-time", "too-late"]


@pytest.mark.parametrize(
    ("before_mm", "after_mm", "itch", "expected"),
    [(3, 6, False, "positive"), (3, 5.9, False, "negative"), (3, 4, True, "doubtful"), (3, 6, True, "positive")],
)
def test_what_the_wheal_says(before_mm: float, after_mm: float, itch: bool, expected: str) -> None:
    """Grown by 3 mm it is positive."""
    assert skin_test.suggested(before_mm, after_mm, itch_or_redness=itch) == expected


def test_a_negative_test_holds_while_the_drug_goes_on() -> None:
    """A break of more than 72 hours asks for a new one; nothing but a negative one holds."""
    later = DUE + timedelta(hours=72)

    assert [skin_test.still_holds("negative", DUE, at) for at in (later, later + S)] == [True, False]
    assert not skin_test.still_holds("positive", DUE, DUE)
    assert not skin_test.still_holds("doubtful", DUE, DUE)
