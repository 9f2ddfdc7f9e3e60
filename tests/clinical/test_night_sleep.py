"""Who may sleep through a routine set, and who is woken."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.clinical.sets import normal
from wardlink.clinical.news2 import Spo2Scale, assess
from wardlink.clinical.night_sleep import deferred_until, is_night
from wardlink.clock import WARD_ZONE


def at(hour: int, minute: int = 0, day: int = 25) -> datetime:
    """An instant of November in the ward."""
    return datetime(2026, 11, day, hour, minute, tzinfo=WARD_ZONE)


def news2(**readings: Any) -> Any:
    """The score of the normal set with these readings."""
    return assess(normal(**readings), scale=Spo2Scale.ONE, age_years=60, pregnant=False)


def waits_until(**changes: Any) -> datetime | None:
    """For a calm patient who sleeps, scored at 20:00, due at 02:00; changed as the test needs."""
    calm: dict[str, Any] = {
        "due_at": at(2),
        "asleep": True,
        "routine": True,
        "level": "level2",
        "score": news2(),
        "scored_at": at(20, day=24),
    }
    asked = calm | changes
    return deferred_until(asked.pop("due_at"), **asked)


def test_a_calm_patient_sleeps_until_the_morning() -> None:
    """From before midnight and from after it."""
    assert waits_until() == at(6)
    assert waits_until(due_at=at(23, day=24)) == at(6)


@pytest.mark.parametrize(
    ("readings", "waits"),
    [
        ({}, True),
        ({"pulse_per_min": 91.0}, True),  # 1
        ({"rr_per_min": 21.0}, False),  # 2
        ({"pulse_per_min": 91.0, "temp_c": 38.1}, False),  # 1 + 1
        ({"acvpu": "C"}, False),
        ({"rr_per_min": None}, False),  # not whole
    ],
)
def test_never_at_or_above_the_threshold(readings: dict[str, Any], waits: bool) -> None:
    """Nor where the score is not whole: what is not known is no low risk."""
    assert (waits_until(score=news2(**readings)) is not None) is waits


@pytest.mark.parametrize(
    "changes",
    [
        {"asleep": False},
        {"routine": False},
        {"level": "level1"},
        {"level": "special"},
        {"score": None},
        {"scored_at": None},
        {"scored_at": at(3)},
        {"due_at": at(22, 59, day=24)},
        {"due_at": at(6)},
        {"scored_at": at(14, day=24)},
    ],
    ids=str,
)
def test_otherwise_a_set_is_taken_when_it_is_due(changes: dict[str, Any]) -> None:
    """By day, when somebody asked for it, or when the last score is no longer good for it."""
    assert waits_until(**changes) is None


def test_a_score_is_good_for_twelve_hours() -> None:
    """Then the set is taken, also before the morning."""
    assert waits_until(scored_at=at(15, 30, day=24)) == at(3, 30)


@pytest.mark.parametrize(("when", "night"), [(at(22, 59), False), (at(23), True), (at(5, 59), True), (at(6), False)])
def test_the_bounds_of_the_night(when: datetime, night: bool) -> None:
    """Each, and the minute before."""
    assert is_night(when) is night
    assert is_night(when + timedelta(days=1)) is night
