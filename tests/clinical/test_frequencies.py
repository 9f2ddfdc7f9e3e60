"""When doses are due: the schedule times, their first and last day, and the codes that look alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.clinical.frequencies import Timing, due_times, first_day, frequencies
from wardlink.clinical.routes import route_written, routes
from wardlink.clock import WARD_ZONE, ward_time

CODES = sorted(frequencies())


def at(text: str) -> datetime:
    """An instant on the ward's wall, of November 2026: "23 10:05"."""
    day, clock = text.split()
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 11, int(day), hour, minute, tzinfo=WARD_ZONE)


def due(code: str, start: str, *, stop: str | None = None, days: int = 2, **how: object) -> list[str]:
    """What is due on the first days of an order."""
    timing = Timing(frequencies()[code], at(start), None if stop is None else at(stop), **how)  # type: ignore[arg-type]
    begin = at(start).replace(hour=0, minute=0)
    return [f"{ward_time(t):%d %H:%M}" for t in due_times(timing, from_at=begin, until_at=begin + timedelta(days=days))]


@pytest.mark.parametrize(
    ("code", "start", "stop", "days", "expected"),
    [
        ("tid", "23 10:05", None, 1, "23 12:00|23 16:00"),
        ("tid", "23 10:05", None, 2, "23 12:00|23 16:00|24 08:00|24 12:00|24 16:00"),
        ("tid", "23 12:00", None, 1, "23 12:00|23 16:00"),  # due when it starts is due
        ("bid", "23 16:20", None, 1, ""),
        ("bid", "23 16:20", None, 2, "24 08:00|24 16:00"),
        ("q12h", "23 07:00", None, 1, "23 08:00|23 20:00"),
        ("q6h", "23 13:30", None, 1, "23 14:00|23 20:00"),
        ("q6h", "23 13:30", None, 2, "23 14:00|23 20:00|24 02:00|24 08:00|24 14:00|24 20:00"),
        ("q8h", "23 07:59", None, 1, "23 08:00|23 16:00"),
        ("q4h", "23 00:00", None, 1, "23 00:00|23 04:00|23 08:00|23 12:00|23 16:00|23 20:00"),
        ("qod", "23 07:00", None, 7, "23 08:00|25 08:00|27 08:00|29 08:00"),
        ("qod", "24 07:00", None, 4, "24 08:00|26 08:00"),  # by days from the start, not by even dates
        ("qw", "23 07:00", None, 8, "23 08:00|30 08:00"),
        ("biw", "24 07:00", None, 7, "26 08:00|30 08:00"),
        ("tiw", "23 07:00", None, 7, "23 08:00|25 08:00|27 08:00"),
        ("tid", "24 00:00", "25 12:00", 3, "24 08:00|24 12:00|24 16:00|25 08:00"),
        ("tid", "24 00:00", "24 00:00", 3, ""),
        ("ac", "23 10:00", None, 1, "23 11:00|23 17:00"),
        ("st", "23 10:05", None, 2, "23 10:05"),
        ("cont", "23 10:05", None, 2, "23 10:05"),
        ("prn", "23 10:05", None, 2, ""),
        ("sos", "23 10:05", None, 2, ""),
    ],
)
def test_schedule(code: str, start: str, stop: str | None, days: int, expected: str) -> None:
    """From the order's start on, before its stop, at the ward's hours."""
    assert due(code, start, stop=stop, days=days) == ([] if not expected else expected.split("|"))


def test_injections_have_hours_of_their_own() -> None:
    """Where the table has none, those of the mouth hold."""
    assert due("tid", "23 00:00", days=1, schedule="injection") == ["23 09:00", "23 13:00", "23 17:00"]
    assert due("qn", "23 00:00", days=1, schedule="injection") == ["23 20:00"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (0, []),
        (1, ["16:00"]),
        (2, ["12:00", "16:00"]),
        (3, ["10:05", "12:00", "16:00"]),
    ],
)
def test_the_doctor_says_how_many_on_the_first_day(wanted: int, expected: list[str]) -> None:
    """Fewer are the last ones; one more is given when the order starts; the days after are not touched."""
    timing = Timing(frequencies()["tid"], at("23 10:05"), first_day_count=wanted)

    assert [f"{ward_time(t):%H:%M}" for t in first_day(timing)] == expected
    assert due("tid", "23 10:05", first_day_count=wanted)[-3:] == ["24 08:00", "24 12:00", "24 16:00"]


@given(
    code=st.sampled_from(CODES),
    start_min=st.integers(0, 10_000),
    stop_min=st.integers(0, 20_000),
    cuts=st.lists(st.integers(0, 30_000), max_size=5),
    schedule=st.sampled_from(["oral", "injection"]),
)
def test_split_in_pieces_is_split_at_once(
    code: str, start_min: int, stop_min: int, cuts: list[int], schedule: str
) -> None:
    """Topping up neither repeats nor forgets a dose; none lies before the start or from the stop on."""
    zero = datetime(2026, 11, 23, tzinfo=UTC)
    start_at, stop_at = zero + timedelta(minutes=start_min), zero + timedelta(minutes=stop_min)
    timing = Timing(frequencies()[code], start_at, stop_at, schedule)  # type: ignore[arg-type]
    edges = [0, *sorted(cuts), 30_000]
    instants = [zero + timedelta(minutes=m) for m in edges]

    whole = due_times(timing, from_at=zero, until_at=instants[-1])

    pieces = [t for a, b in pairwise(instants) for t in due_times(timing, from_at=a, until_at=b)]
    assert list(whole) == pieces
    assert all(start_at <= t < stop_at for t in whole)
    assert len(set(whole)) == len(whole)


def test_every_code_says_how_often_a_day() -> None:
    """The windows go by it."""
    per_day = {code: round(frequency.times_per_day, 2) for code, frequency in frequencies().items()}

    assert (per_day["tid"], per_day["q1h"], per_day["qod"], per_day["biw"]) == (3, 24, 0.5, 0.29)
    assert {code for code, often in per_day.items() if often == 0} == {"once", "st", "cont", "prn", "sos"}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("po", "po"),
        ("IH", "sc"),
        ("h", "sc"),
        (" iv ", "iv"),
        ("ivdrip", "ivgtt"),
        ("OD", "eye-right"),
        ("us  ext", "ext"),
    ],
)
def test_what_a_doctor_writes_for_a_route(written: str, code: str) -> None:
    """`ih` is under the skin, not inhalation."""
    found = route_written(written)

    assert found is not None
    assert found.code == code


def test_a_route_that_is_none() -> None:
    """Nothing is guessed, and no abbreviation means two routes."""
    written = [text for route in routes().values() for text in (route.code, *route.aliases)]

    assert route_written("ip") is None
    assert len(written) == len(set(written))
