"""Vital signs are due by the timetable or by the score, whichever asks more often."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.record.due.facts import HOUR, MIN, NOW, facts, marked, order, stay, vitals_set
from wardlink.record.due.due import Due, Facts
from wardlink.record.due.vitals import cooling, vitals


def only(known: Facts, now: Any = NOW) -> Due:
    """The one set that is due."""
    (due,) = vitals(known, now)
    return due


def test_the_first_set_is_due_at_the_admission() -> None:
    """Nobody has measured yet: it is due since the patient came, and overdue an hour later."""
    here = stay(admitted_at=NOW)

    due = only(facts(here))

    assert (due.due_at, due.closes_at, due.why) == (NOW, NOW + HOUR, None)


@pytest.mark.parametrize(
    ("readings", "due_after", "late_after"),
    [
        ({"spo2_pct": 95}, 4 * HOUR, 6 * HOUR),  # 1
        ({"rr_per_min": 25}, HOUR, 75 * MIN),  # a single 3
        ({"rr_per_min": 22, "pulse_per_min": 115, "spo2_pct": 95}, HOUR, 75 * MIN),  # 5
        ({"rr_per_min": 25, "pulse_per_min": 131, "spo2_pct": 95}, 15 * MIN, 30 * MIN),  # 7
    ],
)
def test_a_score_asks_for_its_interval(readings: dict[str, Any], due_after: timedelta, late_after: timedelta) -> None:
    """The interval counts from the set that was scored; its record is the reason."""
    measured = vitals_set(NOW, **readings)

    due = only(facts(stay(level="level3"), measured))

    assert (due.due_at, due.closes_at, due.why) == (NOW + due_after, NOW + late_after, measured.id)


def test_the_timetable_asks_where_the_score_asks_less_often() -> None:
    """Level 1 care at ten in the morning with NEWS2 0: two o'clock comes before twelve hours are over."""
    due = only(facts(stay(level="level1"), vitals_set(NOW)))

    assert (due.due_at, due.closes_at) == (NOW + 4 * HOUR, NOW + 5 * HOUR)


def test_fever_asks_more_often_than_the_level() -> None:
    """38.0 °C scores nothing, but fever is measured four times a day: at six in the evening after two o'clock."""
    at = NOW + 4 * HOUR + MIN

    due = only(facts(stay(level="level3"), vitals_set(at, temp_c=38.0)), at)

    assert due.due_at == NOW + 8 * HOUR


def test_a_struck_set_was_never_measured() -> None:
    """Striking out the only set makes the first one due again."""
    struck = vitals_set(NOW, struck=True)

    assert only(facts(stay(), struck)).why is None


def test_a_monitor_is_no_nurse() -> None:
    """A monitor's sets, however many, do not put the nurse's round off."""
    by_hand = vitals_set(NOW - 13 * HOUR)
    monitor = [vitals_set(NOW - n * MIN, source="monitor", acvpu=None, temp_c=None) for n in range(5)]
    here = stay(level="level3")

    assert only(facts(here, by_hand)).due_at == only(facts(here, by_hand, *monitor)).due_at < NOW


def test_the_day_before_an_operation_is_measured_twice() -> None:
    """An operation tomorrow adds six in the morning of today; one that was cancelled adds nothing."""
    tomorrow = {"category": "operation", "start_at": NOW + timedelta(days=1)}
    measured = vitals_set(NOW - 15 * HOUR)
    here = stay(level="level3")

    assert only(facts(here, measured, order("active", **tomorrow))).due_at == NOW - 4 * HOUR
    assert only(facts(here, measured, order("cancelled", **tomorrow))).due_at == NOW - 3 * HOUR


def test_an_operation_is_measured_twice_a_day_for_three_days() -> None:
    """How grave it was is not known; that it was one is enough for this. Struck out, it was none."""
    measured = vitals_set(NOW - 15 * HOUR)
    here = stay(level="level3")

    assert only(facts(here, measured, marked("surgery", NOW - 20 * HOUR))).due_at == NOW - 4 * HOUR
    assert only(facts(here, measured, marked("surgery", NOW - 20 * HOUR, struck=True))).due_at == NOW - 3 * HOUR
    assert only(facts(here, measured, marked("surgery", NOW - 72 * HOUR))).due_at == NOW - 3 * HOUR


def test_the_temperature_is_taken_again_after_cooling() -> None:
    """Half an hour later; taken, struck out or half a day later it is off the list."""
    cooled = marked("cooling", NOW)
    here = stay()

    (due,) = cooling(facts(here, cooled), NOW)

    assert (due.due_at, due.closes_at, due.why) == (NOW + 30 * MIN, NOW + 45 * MIN, cooled.id)
    assert cooling(facts(here, cooled, vitals_set(NOW)), NOW) == [due]
    assert cooling(facts(here, cooled, vitals_set(NOW + MIN)), NOW) == []
    assert cooling(facts(here, marked("cooling", NOW, struck=True)), NOW) == []
    assert cooling(facts(here, cooled), NOW + 9 * HOUR) == []
