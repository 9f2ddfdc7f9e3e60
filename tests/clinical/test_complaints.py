"""Complaints: by when somebody owes what, whose business it becomes, and which moves there are."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tyme4py.holiday import LegalHoliday

from wardlink.clinical.complaints import (
    ACTS,
    AWAITS,
    KINDS,
    MOVES,
    STATES,
    ComplaintAct,
    ComplaintKind,
    ComplaintState,
    after,
    deadlines,
    is_answered,
    level_at,
    offered,
    topics,
)
from wardlink.clinical.working_days import end_of_working_day, holidays_known, is_working_day
from wardlink.clock import WARD_ZONE, ward_time


def ward(text: str) -> datetime:
    """An instant by the clock on the ward's wall."""
    return datetime.fromisoformat(text).replace(tzinfo=WARD_ZONE)


def wall(at: datetime) -> str:
    """The same, to be read."""
    assert at.tzinfo is UTC
    return ward_time(at).strftime("%a %m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-11-28T22:00:00", "Sun 11-29 22:00:00"),  # a Saturday night: the clock does not stop for a weekend
        ("2026-09-30T23:59:59", "Thu 10-01 23:59:59"),  # nor for a holiday
        ("2026-12-31T08:00:00", "Fri 01-01 08:00:00"),
    ],
)
def test_the_answer_is_due_after_24_hours_whatever_the_day(asked: str, due: str) -> None:
    """Saturday 22:00 is due Sunday 22:00."""
    assert wall(deadlines(ward(asked), submitted_at=ward(asked)).reply_at) == due


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-11-23T07:59:59", "Mon 11-23 09:00:00"),
        ("2026-11-23T08:00:00", "Mon 11-23 09:00:00"),
        ("2026-11-23T08:00:01", "Mon 11-23 09:00:01"),
        ("2026-11-23T16:59:59", "Mon 11-23 17:59:59"),
        ("2026-11-23T17:00:00", "Mon 11-23 18:00:00"),
        ("2026-11-23T17:00:01", "Tue 11-24 08:00:01"),  # a second was left for the next day
        ("2026-11-23T17:59:59", "Tue 11-24 08:59:59"),
        ("2026-11-23T18:00:00", "Tue 11-24 09:00:00"),
        ("2026-11-23T23:59:59", "Tue 11-24 09:00:00"),
        ("2026-11-24T00:00:00", "Tue 11-24 09:00:00"),
        ("2026-11-28T22:00:00", "Sun 11-29 09:00:00"),
    ],
)
def test_it_is_acknowledged_within_an_hour_of_day_time(asked: str, due: str) -> None:
    """Each bound of the day and a second either side."""
    assert wall(deadlines(ward(asked), submitted_at=ward(asked)).acknowledge_at) == due


@pytest.mark.parametrize(
    ("asked", "five", "ten"),
    [
        ("2026-11-23T00:00:00", "Tue 12-01 00:00:00", "Tue 12-08 00:00:00"),  # Monday
        ("2026-11-23T23:59:59", "Tue 12-01 00:00:00", "Tue 12-08 00:00:00"),
        ("2026-11-27T10:00:00", "Sat 12-05 00:00:00", "Sat 12-12 00:00:00"),  # Friday
        ("2026-11-28T00:00:00", "Sat 12-05 00:00:00", "Sat 12-12 00:00:00"),  # Saturday
        ("2026-11-29T23:59:59", "Sat 12-05 00:00:00", "Sat 12-12 00:00:00"),  # Sunday
        ("2026-11-30T00:00:00", "Tue 12-08 00:00:00", "Tue 12-15 00:00:00"),
        ("2026-09-28T09:00:00", "Sun 10-11 00:00:00", "Sat 10-17 00:00:00"),  # over the holidays, and 10-10 is worked
        ("2026-02-13T09:00:00", "Sat 02-28 00:00:00", "Fri 03-06 00:00:00"),  # over the Spring Festival
    ],
)
def test_it_is_closed_within_five_or_ten_working_days(asked: str, five: str, ten: str) -> None:
    """The day itself does not count, the last one counts to its end."""
    at = ward(asked)

    assert wall(deadlines(at, submitted_at=at).close_at) == five
    assert wall(deadlines(at, submitted_at=at, several_departments=True).close_at) == ten


def test_a_second_question_has_a_new_answer_clock_but_no_second_week() -> None:
    """ "Not satisfied" begins the 24 hours anew; closing still counts from the first."""
    first, again = ward("2026-11-23T10:00:00"), ward("2026-11-25T09:30:00")

    due = deadlines(again, submitted_at=first)

    assert wall(due.reply_at) == "Thu 11-26 09:30:00"
    assert due.close_at == deadlines(first, submitted_at=first).close_at


@pytest.mark.parametrize(
    ("hours", "second_before", "at"),
    [(12, None, "head-nurse"), (20, "head-nurse", "department"), (24, "department", "office")],
)
def test_an_unanswered_question_climbs(hours: int, second_before: str | None, at: str) -> None:
    """After 12, 20 and 24 hours, and not a second before."""
    begun = ward("2026-11-28T22:00:00")
    due = begun + timedelta(hours=hours)

    assert level_at(begun, due - timedelta(seconds=1)) == second_before
    assert level_at(begun, due) == at
    assert level_at(begun, due.astimezone(timezone(timedelta(hours=-5)))) == at


@pytest.mark.parametrize("year", [2025, 2026])
def test_holidays_are_those_of_the_calendar(year: int) -> None:
    """Every day of the years that are known, against the calendar's own list."""
    on = date(year, 1, 1)
    while on.year == year:
        told = LegalHoliday.from_ymd(on.year, on.month, on.day)
        assert is_working_day(on) == (on.weekday() < 5 if told is None else told.is_work()), on
        on += timedelta(days=1)


def test_of_a_year_that_was_not_told_only_weekends_are_off() -> None:
    """And it says that it does not know."""
    assert (holidays_known(2026), holidays_known(2027)) == (True, False)
    assert is_working_day(date(2027, 1, 1))
    assert not is_working_day(date(2027, 1, 2))


@given(st.dates(date(2025, 1, 1), date(2027, 6, 1)), st.times(), st.integers(1, 12))
def test_the_nth_working_day_has_n_of_them_behind_it(on: date, clock: time, n: int) -> None:
    """Counted one by one from the day after."""
    at = datetime.combine(on, clock, WARD_ZONE)
    end = ward_time(end_of_working_day(at, n))
    days = (end.date() - at.date()).days

    assert (end.hour, end.minute, end.second) == (0, 0, 0)
    assert sum(is_working_day(at.date() + timedelta(days=d)) for d in range(1, days)) == n
    assert is_working_day(end.date() - timedelta(days=1))


@given(st.sampled_from(KINDS), st.lists(st.sampled_from(ACTS), max_size=30))
def test_no_walk_leaves_the_table(kind: ComplaintKind, acts: list[ComplaintAct]) -> None:
    """Whatever is tried, a complaint is closed only once it was answered, and always can go on to be closed."""
    state: ComplaintState = "submitted"
    answered = False
    for act in acts:
        follows = after(kind, state, act)
        if follows is None:
            continue
        answered = answered or act == "reply"
        assert follows in STATES
        assert follows != "closed" or answered or not is_answered(kind)
        state = follows
    assert state == "closed" or _can_be_closed(kind, state)


def _can_be_closed(kind: ComplaintKind, state: ComplaintState) -> bool:
    follows = after(kind, state, "reply") or state
    return after(kind, follows, "close") == "closed"


def test_the_patient_waits_until_there_is_an_answer() -> None:
    """Waiting ends with an answer alone."""
    assert {state for (state, act), follows in MOVES.items() if act == "reply" and state not in AWAITS} == {"replied"}
    assert all(after("complaint", state, "close") is None for state in AWAITS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("topic", topics())
def test_three_sentences_are_ready_for_everything(kind: ComplaintKind, topic: str) -> None:
    """With the two fields beside them they fit one page."""
    assert len(offered(kind, topic)) == 3
