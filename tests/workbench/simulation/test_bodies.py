"""Invented bodies: possible at every instant, the same for the same seed, and with a story that shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.clinical.leads import split_monitor_sample
from wardlink.clinical.limits import CheckContext, Severity, check, outside_hard_limits
from wardlink.clinical.news2 import News2, Spo2Scale, assess
from workbench.simulation.bodies import Body, manual_set, monitor_sample, state_at
from workbench.simulation.stories import COURSES, hour_of, shift_at

OPENED = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
INTERVAL = timedelta(seconds=5)
STORIES = sorted(COURSES)


def body(story: str = "steady", seed: int = 1, name: str = "A1") -> Body:
    """An invented patient."""
    return Body(seed, name, story, OPENED)


def total(patient: Body, at: datetime, scale: Spo2Scale = Spo2Scale.ONE) -> int:
    """The NEWS2 of the set that a nurse takes then."""
    found = assess(manual_set(patient, at), scale=scale, age_years=70, pregnant=False)
    assert isinstance(found, News2)
    return found.total


@given(
    story=st.sampled_from(STORIES),
    seed=st.integers(0, 50),
    name=st.sampled_from(["A1", "A2", "A3"]),
    minutes=st.integers(-3 * 1440, 60 * 1440),
)
def test_whatever_is_taken_is_possible(story: str, seed: int, name: str, minutes: int) -> None:
    """No set is outside the hard limits or against a hard rule; a monitor shows no artefacts."""
    patient, at = body(story, seed, name), OPENED + timedelta(minutes=minutes)

    taken = manual_set(patient, at)
    shown = split_monitor_sample(monitor_sample(patient, at, INTERVAL))

    findings = check(taken, context=CheckContext("manual", now=at, measured_at=at, age_years=70))
    assert [f for f in findings if f.severity is Severity.HARD] == []
    assert outside_hard_limits(taken) == ()
    assert shown.artefacts == {}


@given(st.sampled_from(STORIES), st.integers(0, 10_000))
def test_the_same_instant_is_the_same_whenever_it_is_asked(story: str, minutes: int) -> None:
    """The readings are a function of seed, name and time, and nothing else."""
    at = OPENED + timedelta(minutes=minutes)

    assert state_at(body(story), at) == state_at(body(story), at)
    assert monitor_sample(body(story), at, INTERVAL) == monitor_sample(body(story), at, INTERVAL)


def test_two_bodies_differ() -> None:
    """Another name or another seed is another body."""
    seen = {state_at(body(seed=seed, name=name), OPENED)["sbp_mmhg"] for seed in range(3) for name in ("A1", "A2")}

    assert len(seen) == 6


def test_the_day_has_a_rhythm() -> None:
    """In the afternoon it is warmer than before dawn, in the mean of many bodies."""
    five, seventeen = (datetime(2026, 11, 24, hour, tzinfo=UTC) for hour in (21, 9))  # 05:00 and 17:00 on the ward

    warmer = [
        state_at(body(name=f"A{n}"), seventeen)["temp_c"] - state_at(body(name=f"A{n}"), five)["temp_c"]
        for n in range(40)
    ]

    assert 0.3 < sum(warmer) / len(warmer) < 0.7


@pytest.mark.parametrize("seed", range(5))
def test_the_sepsis_climbs_in_the_hours_around_the_opening(seed: int) -> None:
    """NEWS2 is low eight hours before the ward is opened, high when it is, and higher still afterwards."""
    patient = body("sepsis", seed)

    scores = [total(patient, OPENED + timedelta(hours=hours)) for hours in (-8.4, -4, 0.2, 3)]

    assert scores == sorted(scores)
    assert scores[0] <= 3
    assert scores[2] >= 7
    assert scores[3] >= 9


@pytest.mark.parametrize("seed", range(5))
def test_copd_on_oxygen_is_low_on_scale_2_and_not_on_scale_1(seed: int) -> None:
    """What the first scale takes for an emergency is this patient's target."""
    patient = body("copd", seed)

    at = OPENED + timedelta(hours=1)
    taken = manual_set(patient, at)

    assert taken.o2_on is True
    assert total(patient, at, Spo2Scale.TWO) <= 5
    assert total(patient, at, Spo2Scale.ONE) >= total(patient, at, Spo2Scale.TWO) + 2


def test_loose_leads_come_off_for_some_minutes_and_come_back() -> None:
    """Over a day a lead is off in some samples, never in most, and shows as a zero."""
    samples = [monitor_sample(body("loose-leads"), OPENED + timedelta(minutes=m), INTERVAL) for m in range(1440)]

    off = [split_monitor_sample(sample).lead_off for sample in samples]

    assert 50 < sum(1 for found in off if found) < 400
    assert {name for found in off for name in found} >= {"spo2_pct", "hr_per_min", "rr_per_min"}
    assert not any(split_monitor_sample(monitor_sample(body(), OPENED, INTERVAL)).lead_off for _ in range(3))


def test_the_cuff_gives_a_pressure_once_in_half_an_hour() -> None:
    """Of an hour of samples two have a blood pressure, and its mean lies between the two values."""
    hour = [monitor_sample(body(), OPENED + INTERVAL * n, INTERVAL) for n in range(720)]

    pressures = [s for s in hour if "sbp_mmhg" in s]
    assert len(pressures) == 2
    assert all(s["dbp_mmhg"] < s["map_mmhg"] < s["sbp_mmhg"] for s in pressures)  # type: ignore[operator]


@pytest.mark.parametrize("story", STORIES)
def test_a_course_repeats_without_a_jump(story: str) -> None:
    """At the end of its cycle a course is where it begins."""
    course = COURSES[story]

    end, beginning = shift_at(course, course.cycle_h - 1e-6), shift_at(course, 0.0)

    assert hour_of(course, course.cycle_h - course.begins_h) == pytest.approx(0.0)
    assert all(abs(getattr(end, n) - getattr(beginning, n)) < 0.01 for n in ("temp_c", "pulse_per_min", "rr_per_min"))
