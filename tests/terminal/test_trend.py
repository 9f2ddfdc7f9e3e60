"""Sets of vital signs as the readings of a curve."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.vitals import VitalsRecorded
from wardlink.terminal.trend import readings_of

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def found(minutes: float, source: str = "manual", **fields: Any) -> VitalsRecorded:
    """A set so many minutes ago."""
    at = NOW - timedelta(minutes=minutes)
    base = {"id": new_id(), "measured_at": at, "entered_at": at, "device": "c1", "source": source, "readings": {}}
    return VitalsRecorded.model_validate(base | {"actor": {"kind": "staff", "id": "n"}} | fields)


def test_a_struck_set_is_not_drawn() -> None:
    """What was struck out is read in the list, not on the curve."""
    struck = {"struck_at": NOW, "struck_by": Actor(kind="staff", id="n"), "struck_reason": "x"}
    sets = [found(20, readings={"temp_c": 36.5}), found(10, readings={"temp_c": 41.0}, **struck)]

    assert [reading.value for reading in readings_of(sets, "temp_c")] == [36.5]


def test_a_lead_that_was_off_and_a_reason_break_the_line() -> None:
    """Neither has a value; only the lead is said to have been off."""
    sets = [
        found(30, readings={"spo2_pct": 97.0}),
        found(20, lead_off=("spo2_pct",)),
        found(10, not_measured={"spo2_pct": "refused"}),
    ]

    assert [(r.value, r.off) for r in readings_of(sets, "spo2_pct")] == [(97.0, False), (None, True), (None, False)]


def test_a_set_without_the_reading_says_nothing_about_it() -> None:
    """A round without a temperature does not break the curve of the temperature."""
    sets = [found(30, readings={"temp_c": 36.5}), found(20, readings={"rr_per_min": 16.0})]

    assert len(readings_of(sets, "temp_c")) == 1


def test_a_silent_monitor_breaks_the_line() -> None:
    """Two samples ten minutes apart of a monitor that speaks every minute are not joined."""
    sets = [found(m, "monitor", readings={"hr_per_min": 80.0}, interval_s=60.0) for m in (21, 20, 10)]

    assert [reading.value for reading in readings_of(sets, "hr_per_min")] == [80.0, 80.0, None, 80.0]
