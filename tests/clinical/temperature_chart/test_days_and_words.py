"""Dates, days in hospital and after operations, Chinese times, stools."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.clinical.temperature_chart.stays import ADMITTED_AT, BY, at, happened, page, row
from wardlink.clinical.temperature_chart.days import date_text, post_op_text
from wardlink.clinical.temperature_chart.rows import stool_text
from wardlink.clinical.temperature_chart.words import chinese_time, is_stool
from wardlink.clock import WARD_ZONE


@pytest.mark.parametrize(
    ("hour", "minute", "expected"),
    [
        (10, 20, "十时二十分"),
        (20, 30, "二十时三十分"),
        (0, 5, "零时五分"),
        (8, 0, "八时"),
        (14, 10, "十四时十分"),
        (23, 59, "二十三时五十九分"),
        (12, 1, "十二时一分"),
    ],
)
def test_times_in_chinese(hour: int, minute: int, expected: str) -> None:
    """To the minute, on the clock of 24 hours; a full hour names no minutes."""
    assert chinese_time(datetime(2026, 11, 23, hour, minute, tzinfo=WARD_ZONE)) == expected


@pytest.mark.parametrize("text", ["0", "2", "1/E", "0/E", "1 2/E", "4/2E", "※", "☆", "12"])
def test_stools_that_can_be_written(text: str) -> None:
    """None, a number, incontinence, stoma, and what came before and after an enema."""
    assert is_stool(text)


@pytest.mark.parametrize("text", ["E/1", "-1", "1/", "2E", "", "１", "1/E\n", "a", "1  2/E"])
def test_stools_that_cannot_be_written(text: str) -> None:
    """Nothing is guessed."""
    assert not is_stool(text)


@pytest.mark.parametrize(("text", "expected"), [("1 2/E", "¹2/E"), ("12 2/E", "¹²2/E"), ("4/2E", "4/2E"), ("0", "0")])
def test_what_came_before_an_enema_stands_raised(text: str, expected: str) -> None:
    """As on paper."""
    assert stool_text(text) == expected


def test_dates_of_a_page() -> None:
    """The first is whole; then days; a new month says so, and a new year everything."""
    days = [date(2026, 12, 28) + timedelta(days=n) for n in range(7)]
    assert [date_text(day, days[i - 1] if i else None) for i, day in enumerate(days)] == [
        "2026-12-28",
        "29",
        "30",
        "31",
        "2027-01-01",
        "02",
        "03",
    ]
    assert date_text(date(2026, 12, 1), date(2026, 11, 30)) == "12-01"


def test_the_day_of_admission_is_day_one() -> None:
    """Also late in the evening; the second page goes on; days to come have no number yet."""
    late = ADMITTED_AT.replace(hour=23, minute=59)
    assert [text for _, text in row(page(admitted_at=late, as_of=at(3, 1)), "day")] == ["1", "2", "3"]
    assert row(page(week=2, as_of=at(9, 1)), "day") == [(0, "8"), (6, "9")]


def test_after_an_operation() -> None:
    """The day after is 1, until 14; a delivery counts alike."""
    second = page(happened("surgery", 2, 9), week=3, as_of=at(20, 1))
    assert [text for _, text in row(page(happened("delivery", 2, 9)), "post-op")] == ["1", "2", "3", "4", "5"]
    assert row(second, "post-op") == [(0, "13"), (6, "14")]


ON = date(2026, 11, 1)
AGAIN = date(2026, 11, 5)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (1, ""),
        (2, "1"),
        (5, "4"),
        (6, "1/5"),
        (7, "2/6"),
        (15, "10/14"),
        (16, "11"),
        (19, "14"),
        (20, ""),
    ],
)
def test_a_second_operation(day: int, expected: str) -> None:
    """Days since the second over days since the first, until the second's fourteenth."""
    assert post_op_text(date(2026, 11, day), [ON, AGAIN, AGAIN], BY) == expected


def test_a_second_operation_in_the_other_style() -> None:
    """A switch; another writes the day itself as 0."""
    roman = replace(BY, second_operation="roman")
    zero = replace(BY, writes_day_of_surgery=True)
    assert [post_op_text(date(2026, 11, day), [ON, AGAIN], roman) for day in (5, 6)] == ["4", "Ⅱ-1"]
    assert [post_op_text(date(2026, 11, day), [ON, AGAIN], zero) for day in (1, 5)] == ["0", "0/4"]
