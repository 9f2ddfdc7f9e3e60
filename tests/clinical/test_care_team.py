"""When somebody is there: by the shift that they have taken, to the minute; what nobody has said is unknown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.clinical.care_team import Duty, duty
from wardlink.clinical.shifts import shift_at

NIGHT, DAY, EVENING = (datetime(2026, 11, day, hour, tzinfo=UTC) for day, hour in ((23, 16), (24, 0), (24, 8)))
"""When they begin, in UTC: 00, 08 and 16 o'clock in the ward."""
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("begins_at", "now", "when"),
    [
        (None, DAY, "unknown"),
        (DAY, DAY - MINUTE, "next"),
        (DAY, DAY, "now"),
        (DAY, EVENING - MINUTE, "now"),
        (DAY, EVENING, "over"),
        (EVENING, DAY - MINUTE, "over"),
        (EVENING, DAY, "next"),
        (NIGHT, DAY, "over"),
        (DAY + MINUTE, DAY + 2 * MINUTE, "over"),
    ],
)
def test_the_bounds_of_a_shift(begins_at: datetime | None, now: datetime, when: Duty) -> None:
    """From its first minute to its last; a shift that is none is never said to run."""
    assert duty(begins_at, now) == when


@given(st.integers(0, 60 * 24 * 400).map(lambda minutes: DAY + minutes * MINUTE))
def test_there_is_one_shift_now_and_one_next(now: datetime) -> None:
    """Whatever the hour."""
    running = shift_at(now)

    assert (duty(running.begins_at, now), duty(running.ends_at, now)) == ("now", "next")
    assert duty(running.before().begins_at, now) == duty(running.after().ends_at, now) == "over"
