"""Rounds by level of care, and when measurements are due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clinical.sets import NOW
from wardlink.clinical.nursing import (
    Every,
    Profile,
    Situation,
    Trigger,
    dependency,
    due_times,
    fever_situation,
    nursing_levels,
    recheck_after_cooling_at,
)
from wardlink.clock import WARD_ZONE, ward_time

MONDAY = date(2026, 11, 23)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of November 2026 on the ward's wall."""
    return datetime(2026, 11, day, hour, minute, tzinfo=WARD_ZONE)


def due(*triggers: Trigger | Every, day: int = 23, days: int = 1, profile: Profile = "A") -> list[str]:
    """What is due on some days, as the ward's wall shows it."""
    times = due_times(triggers, start_at=at(day, 0), end_at=at(day + days, 0), profile=profile)
    return [f"{ward_time(t):%d %H:%M}" for t in times]


@pytest.mark.parametrize(
    ("code", "interval_min", "grace_min"), [("level1", 60, 15), ("level2", 120, 20), ("level3", 180, 20)]
)
def test_rounds_by_level(code: str, interval_min: int, grace_min: int) -> None:
    """Every one, two or three hours, with the grace of the domain sheet, 1.4."""
    level = nursing_levels()[code]

    assert level.round_due_at(NOW) == NOW + timedelta(minutes=interval_min)
    assert level.round_overdue_at(NOW) == NOW + timedelta(minutes=interval_min + grace_min)


def test_special_care_has_no_rounds() -> None:
    """The nurse does not leave; there is no due time to miss."""
    level = nursing_levels()["special"]

    assert (level.round_due_at(NOW), level.round_overdue_at(NOW)) == (None, None)


def test_the_levels_are_those_of_the_messages() -> None:
    """Most care first."""
    assert list(nursing_levels()) == ["special", "level1", "level2", "level3"]


@pytest.mark.parametrize(
    ("barthel", "expected"),
    [
        (0, "severe"),
        (35, "severe"),
        (40, "severe"),
        (45, "moderate"),
        (60, "moderate"),
        (65, "mild"),
        (95, "mild"),
        (100, "none"),
    ],
)
def test_barthel_suggests_a_dependency(barthel: int, expected: str) -> None:
    """Each bound and a step to either side; the scale goes in steps of five."""
    assert dependency(barthel) == expected


@pytest.mark.parametrize("barthel", [-5, 105, 42])
def test_no_barthel_score_no_dependency(barthel: int) -> None:
    """A number that the scale cannot give is an error."""
    with pytest.raises(ValueError, match="no Barthel score"):
        dependency(barthel)


FOUR = ["23 06:00", "23 10:00", "23 14:00", "23 18:00"]
SIX = ["23 02:00", "23 06:00", "23 10:00", "23 14:00", "23 18:00", "23 22:00"]


@pytest.mark.parametrize(
    ("situation", "a", "b"),
    [
        (Situation.SPECIAL, FOUR, []),
        (Situation.LEVEL1, ["23 06:00", "23 14:00"], []),
        (Situation.LEVEL2, ["23 14:00"], ["23 14:00"]),
        (Situation.LEVEL3, ["23 14:00"], ["23 14:00"]),
        (Situation.NEW_ADMISSION, ["23 06:00", "23 14:00"], ["23 06:00", "23 14:00", "23 18:00"]),
        (Situation.MINOR_SURGERY, ["23 06:00", "23 14:00"], ["23 06:00", "23 14:00", "23 18:00"]),
        (Situation.BEFORE_SURGERY, ["23 06:00", "23 14:00"], []),
        (Situation.MAJOR_SURGERY, FOUR, []),
        (Situation.FEVER, FOUR, FOUR),
        (Situation.HIGH_FEVER, SIX, SIX),
    ],
)
def test_the_timetable(situation: Situation, a: list[str], b: list[str]) -> None:
    """Both rule sheets; nothing where a sheet leaves it to the order."""
    trigger = Trigger(situation, MONDAY)

    assert (due(trigger), due(trigger, profile="B")) == (a, b)


def test_the_highest_frequency_wins_and_ends_with_its_window() -> None:
    """A new admission on level 3 is measured twice a day for three days, then by level."""
    triggers = (Trigger(Situation.LEVEL3, MONDAY), Trigger(Situation.NEW_ADMISSION, MONDAY))

    assert due(*triggers, days=4) == [
        "23 06:00",
        "23 14:00",
        "24 06:00",
        "24 14:00",
        "25 06:00",
        "25 14:00",
        "26 14:00",
    ]


def test_nothing_is_due_before_its_situation() -> None:
    """Tomorrow's fever asks for nothing today."""
    assert due(Trigger(Situation.FEVER, date(2026, 11, 24))) == []


def test_a_score_takes_over_from_its_own_instant_on() -> None:
    """Until 15:00 the timetable holds; from then on the hourly watch that NEWS2 asks for."""
    triggers = (Trigger(Situation.SPECIAL, MONDAY), Every(timedelta(hours=1), at(23, 15)))

    assert due(*triggers) == [
        "23 06:00",
        "23 10:00",
        "23 14:00",
        *(f"23 {hour}:00" for hour in range(16, 24)),
    ]
    assert due(*triggers, day=24)[:2] == ["24 00:00", "24 01:00"]


def test_a_rarer_interval_does_not_thin_the_timetable() -> None:
    """NEWS2 of 0 asks for 12 hours; level 1 for more on its own hours."""
    triggers = (Trigger(Situation.SPECIAL, MONDAY), Every(timedelta(hours=12), at(23, 1)))

    assert due(*triggers) == FOUR


def test_due_times_are_half_open_and_utc() -> None:
    """A due time at the start counts, one at the end belongs to the next span."""
    triggers = (Trigger(Situation.LEVEL1, MONDAY),)

    assert due_times(triggers, start_at=at(23, 6), end_at=at(23, 14)) == (datetime(2026, 11, 22, 22, tzinfo=UTC),)


@given(
    st.lists(
        st.builds(Trigger, st.sampled_from(Situation), st.dates(date(2026, 11, 18), date(2026, 11, 26)))
        | st.builds(
            Every,
            st.timedeltas(timedelta(minutes=15), timedelta(days=3)),
            st.integers(-4 * 1440, 4 * 1440).map(lambda minutes: at(22, 0) + timedelta(minutes=minutes)),
        ),
        max_size=4,
    ),
    st.integers(1, 95),
)
def test_a_span_in_two_pieces_is_the_same_span(triggers: list[Trigger | Every], hours: int) -> None:
    """Asking from now to later gives the same however often one asks, in order, each time once."""
    start_at, end_at = at(22, 0), at(26, 0)
    between = start_at + timedelta(hours=hours)

    whole = due_times(triggers, start_at=start_at, end_at=end_at)
    pieces = (
        *due_times(triggers, start_at=start_at, end_at=between),
        *due_times(triggers, start_at=between, end_at=end_at),
    )

    assert whole == pieces
    assert list(whole) == sorted(set(whole))


@pytest.mark.parametrize(
    ("temp_c", "a", "b"),
    [
        (36.9, None, None),
        (37.0, None, None),
        (37.1, "fever", None),
        (37.4, "fever", None),
        (37.5, "fever", "fever"),
        (38.9, "fever", "fever"),
        (39.0, "fever", "high-fever"),
        (39.1, "high-fever", "high-fever"),
    ],
)
def test_fever_opens_its_row(temp_c: float, a: str | None, b: str | None) -> None:
    """Sheet A counts above its bounds, sheet B from them on."""
    assert (fever_situation(temp_c), fever_situation(temp_c, profile="B")) == (a, b)


def test_cooling_is_checked_after_half_an_hour() -> None:
    """Physical or by drug."""
    assert recheck_after_cooling_at(NOW) == NOW + timedelta(minutes=30)
