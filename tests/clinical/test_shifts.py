"""The shifts of a ward."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.clinical.shifts import handed_over_at, shift_at
from wardlink.clock import WARD_ZONE

MOMENT = timedelta(microseconds=1)
INSTANTS = st.timedeltas(timedelta(), timedelta(days=3650)).map(lambda later: datetime(2020, 1, 1, tzinfo=UTC) + later)


def wall(clock: str, day: int = 25) -> datetime:
    """An instant by the ward's clock."""
    return datetime.fromisoformat(f"2026-11-{day}T{clock}").replace(tzinfo=WARD_ZONE)


@pytest.mark.parametrize(
    ("at", "code", "begins"),
    [
        (wall("08:00"), "day", wall("08:00")),
        (wall("16:00") - MOMENT, "day", wall("08:00")),
        (wall("16:00"), "evening", wall("16:00")),
        (wall("00:00"), "night", wall("00:00")),
        (wall("00:00") - MOMENT, "evening", wall("16:00", 24)),
        (wall("08:00") - MOMENT, "night", wall("00:00")),
    ],
)
def test_a_shift_begins_where_the_one_before_ends(at: datetime, code: str, begins: datetime) -> None:
    """Its first instant belongs to it, its end to the next one."""
    assert (shift_at(at).code, shift_at(at).begins_at) == (code, begins)


@given(INSTANTS)
def test_shifts_leave_no_gap(at: datetime) -> None:
    """Every instant is in one shift, and its neighbours touch it."""
    shift = shift_at(at)

    assert shift.begins_at <= at < shift.ends_at
    assert (shift.before().ends_at, shift.after().begins_at) == (shift.begins_at, shift.ends_at)


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (wall("15:30"), "day"),
        (wall("17:30") - MOMENT, "day"),
        (wall("17:30"), "evening"),
        (wall("01:00"), "evening"),
    ],
)
def test_what_has_just_ended_is_handed_over(at: datetime, code: str) -> None:
    """Nurses stand at the beds for a while after the shift's end."""
    assert handed_over_at(at).code == code
