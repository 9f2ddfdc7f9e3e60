"""How old is too old, at each bound."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.clinical.sets import NOW, normal
from wardlink.clinical.freshness import is_stale, manual_expected_every, monitor_expected_every
from wardlink.clinical.items import ITEMS
from wardlink.clinical.news2 import News2, NotApplicable, PartialNews2, Spo2Scale, assess

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("age", "stale"),
    [
        (timedelta(0), False),
        (timedelta(seconds=90), False),
        (timedelta(seconds=91), True),
        (timedelta(minutes=-5), False),
        (timedelta(minutes=-5) - SECOND, True),
    ],
)
def test_a_value_is_stale_after_its_time_and_when_its_clock_is_wrong(age: timedelta, stale: bool) -> None:
    """The bound itself is fresh; a value from the future has no known age."""
    assert is_stale(NOW - age, NOW, timedelta(seconds=90)) is stale


@pytest.mark.parametrize(("interval_s", "expected_s"), [(None, 90), (1.0, 90), (30.0, 90), (31.0, 93), (60.0, 180)])
def test_a_monitor_may_miss_two_samples(interval_s: float | None, expected_s: float) -> None:
    """90 seconds, or three of its own intervals where those are longer."""
    assert monitor_expected_every(interval_s) == timedelta(seconds=expected_s)


@pytest.mark.parametrize(
    ("key", "interval_s", "expected_s"),
    [("sbp_mmhg", 1.0, 65 * 60), ("dbp_mmhg", None, 65 * 60), ("abp_sbp_mmhg", 1.0, 90), ("hr_per_min", 1.0, 90)],
)
def test_a_cuff_is_not_silent_between_two_readings(key: str, interval_s: float | None, expected_s: float) -> None:
    """It inflates every hour at least; an arterial line is read all the time."""
    assert monitor_expected_every(interval_s, key) == timedelta(seconds=expected_s)


def assessed(**changes: object) -> News2 | PartialNews2 | NotApplicable:
    """The assessment of an adult's set."""
    return assess(normal(**changes), scale=Spo2Scale.ONE, age_years=40, pregnant=False)


@pytest.mark.parametrize(
    ("key", "assessment", "hours"),
    [
        ("rr_per_min", None, 24),
        ("rr_per_min", assessed(), 13),
        ("rr_per_min", assessed(pulse_per_min=91), 6),
        ("rr_per_min", assessed(acvpu="C"), 1.25),
        ("rr_per_min", assessed(acvpu="C", o2_on=True), 1.25),
        ("rr_per_min", assessed(acvpu="C", o2_on=True, temp_c=39.5), 0.5),
        ("rr_per_min", assessed(temp_c=None), 24),
        ("rr_per_min", assessed(temp_c=None, acvpu="C"), 1.25),
        ("rr_per_min", NotApplicable("pregnant"), 24),
        ("weight_kg", assessed(acvpu="C"), 168),
        ("hr_per_min", assessed(acvpu="C"), 1.25),
    ],
)
def test_a_nurse_s_value_is_as_fresh_as_its_score_allows(
    key: str, assessment: News2 | PartialNews2 | NotApplicable | None, hours: float
) -> None:
    """The iller the patient, the sooner a scored value is old; the others keep their own limit."""
    assert manual_expected_every(key, assessment) == timedelta(hours=hours)


@pytest.mark.parametrize("key", ITEMS)
def test_every_reading_grows_old(key: str) -> None:
    """There is no value that a screen may show without a limit."""
    assert manual_expected_every(key) > timedelta(0)
