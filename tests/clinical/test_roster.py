"""What a roster says of a week: the hours of a cell, shifts that overlap, and shifts without a nurse."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.clinical.roster import OFF, ON_CALL, Entry, codes, monday, overlaps, week, without_nurse
from wardlink.clinical.shifts import shift_at, shift_on, shifts
from wardlink.clock import WARD_ZONE, ward_date

TUESDAY = date(2026, 11, 24)
DAY = timedelta(days=1)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
ENTRIES = st.lists(
    st.builds(
        Entry,
        st.sampled_from(("w1", "w2")),
        st.sampled_from(("n1", "n2")),
        st.integers(0, 6).map(lambda n: TUESDAY + n * DAY),
        st.sampled_from(codes()),
    ),
    unique_by=lambda e: (e.ward, e.staff, e.on),
)


def entry(code: str, on: date = TUESDAY, ward: str = "w1", staff: str = "n1") -> Entry:
    """A cell."""
    return Entry(ward, staff, on, code)


@pytest.mark.parametrize(
    ("code", "begins", "ends"),
    [("night", "24T00:00", "24T08:00"), ("day", "24T08:00", "24T16:00"), ("evening", "24T16:00", "25T00:00")],
)
def test_a_shift_stands_on_the_day_on_which_it_begins(code: str, begins: str, ends: str) -> None:
    """By the clock of the ward, also where it ends at midnight."""
    shift = entry(code).shift

    assert shift is not None
    assert [shift.begins_at, shift.ends_at] == [
        datetime.fromisoformat(f"2026-11-{at}").replace(tzinfo=WARD_ZONE) for at in (begins, ends)
    ]


@pytest.mark.parametrize("code", [ON_CALL, OFF])
def test_what_has_no_hours_says_none(code: str) -> None:
    """Nobody writes down when somebody on call is there."""
    assert entry(code).shift is None


@pytest.mark.parametrize(
    ("one", "other", "is_twice"),
    [
        (entry("day"), entry("day", ward="w2"), True),
        (entry("day"), entry("evening", ward="w2"), False),
        (entry("evening"), entry("night", TUESDAY + DAY), False),
        (entry("day"), entry("day", TUESDAY + DAY), False),
        (entry("day"), entry("day", ward="w2", staff="n2"), False),
        (entry("day"), entry(ON_CALL, ward="w2"), False),
        (entry(OFF), entry(OFF, ward="w2"), False),
    ],
)
def test_shifts_that_only_touch_do_not_overlap(one: Entry, other: Entry, is_twice: bool) -> None:
    """Nobody is in two wards at once."""
    assert [bool(overlaps(pair)) for pair in ((one, other), (other, one))] == [is_twice] * 2


@given(DAYS, st.sampled_from(tuple(shifts())))
def test_a_cell_and_the_clock_name_the_same_shift(on: date, code: str) -> None:
    """The shift of a day and a code is the one that runs at its first instant, and begins on that day."""
    shift = shift_on(on, code)

    assert (shift_at(shift.begins_at), shift.code, ward_date(shift.begins_at)) == (shift, code, on)


@given(DAYS)
def test_a_week_has_seven_days_from_monday(day: date) -> None:
    """And the day is one of them."""
    days = week(day)

    assert day in days
    assert [each.weekday() for each in days] == list(range(7))
    assert {monday(each) for each in days} == {days[0]}


@given(ENTRIES)
def test_who_overlaps_is_in_two_wards(entries: list[Entry]) -> None:
    """One cell a day and ward never overlaps itself; a pair is always of one person."""
    for one, other in overlaps(entries):
        assert one.staff == other.staff
        assert one.ward != other.ward


@given(ENTRIES)
def test_a_shift_is_named_where_no_nurse_has_it_and_only_there(entries: list[Entry]) -> None:
    """Of a week in which no nurse is entered at all nothing is said."""
    days = [TUESDAY + n * DAY for n in range(7)]
    bare = without_nurse(entries, {"n1"}, days)
    held = {(e.code, e.on) for e in entries if e.staff == "n1"}

    expected = {(code, day) for code in shifts() for day in days} - held if held else set()
    assert {(code, day) for code, named in bare.items() for day in named} == expected
