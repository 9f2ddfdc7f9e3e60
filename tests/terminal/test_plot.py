"""The geometry of a curve."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.clock import ward_time
from wardlink.terminal.plot import (
    BLANK,
    Canvas,
    Reading,
    Scale,
    Window,
    draw,
    scale_for,
    spans_off,
    time_ticks,
    value_ticks,
)

END = datetime(2026, 11, 24, 2, 42, tzinfo=UTC)
VALUES = st.lists(st.floats(20, 400), min_size=1, max_size=30)
JOINS = timedelta(minutes=10)


def at(minutes: float) -> datetime:
    """So many minutes before the end."""
    return END - timedelta(minutes=minutes)


def drawn(readings: list[Reading], columns: int = 30, rows: int = 4) -> list[str]:
    """The rows of a canvas with one series of an hour."""
    canvas = Canvas(columns, rows)
    window = Window(at(60), END, columns * 2)
    draw(canvas, readings, Scale(0, 100, rows * 4), window, JOINS, 0)
    return ["".join(char for char, _ in canvas.row(row)) for row in range(rows)]


def dots(lines: list[str]) -> int:
    """How many dots are set."""
    return sum((ord(char) - BLANK).bit_count() for line in lines for char in line)


@given(VALUES, st.floats(0.5, 60), st.integers(8, 80))
def test_every_value_lies_on_its_scale(values: list[float], least_span: float, count: int) -> None:
    """The scale holds all values and is no narrower than asked, within its limits; higher values lie higher."""
    scale = scale_for(values, least_span=least_span, dots=count, limits=(0, 500))

    assert scale.low <= min(values)
    assert max(values) <= scale.high
    assert scale.high - scale.low >= min(least_span, 500) * 0.999
    assert scale.dot(max(values)) <= scale.dot(min(values))
    assert all(0 <= scale.dot(value) < count for value in values)


@given(VALUES, st.integers(2, 12))
def test_ticks_are_round_and_lie_on_the_scale(values: list[float], most: int) -> None:
    """And there are not many more than asked for."""
    scale = scale_for(values, least_span=2, dots=40, limits=(0, 500))
    ticks = value_ticks(scale, most)

    assert all(scale.low - 1e-6 <= tick <= scale.high + 1e-6 for tick in ticks)
    assert len(ticks) <= most + 1


@given(st.integers(1, 80 * 60), st.integers(1, 12))
def test_times_are_round_on_the_wall_of_the_ward(minutes: int, most: int) -> None:
    """Every tick is a full five minutes by the ward's clock, inside the window."""
    window = Window(at(minutes), END, 100)
    ticks = time_ticks(window, most)

    assert all(ward_time(tick).minute % 5 == 0 and ward_time(tick).second == 0 for tick in ticks)
    assert all(window.holds(tick) for tick in ticks)
    assert len(ticks) <= most + 1


def test_neighbours_are_joined() -> None:
    """Two readings ten minutes apart make a line between them."""
    lines = drawn([Reading(at(30), 50), Reading(at(20), 50)])

    assert any("\u28c0" in line or "\u2809" in line or "⠒" in line or "⠤" in line for line in lines)


def test_readings_too_far_apart_are_not_joined() -> None:
    """Eleven minutes are a gap: only the two marks are drawn."""
    assert dots(drawn([Reading(at(31), 50), Reading(at(20), 50)])) == 2 * 9


def test_a_reading_without_value_breaks_the_line() -> None:
    """A lead that was off is never bridged, not even between neighbours."""
    assert dots(drawn([Reading(at(30), 50), Reading(at(25), None, off=True), Reading(at(20), 50)])) == 2 * 9


def test_a_lonely_reading_can_be_seen() -> None:
    """It is drawn as a spot and not as a single dot."""
    assert dots(drawn([Reading(at(30), 50)])) == 9


def test_an_empty_cell_is_a_braille_cell() -> None:
    """A space would be narrower than its neighbours in some fonts."""
    assert set("".join(drawn([]))) == {chr(BLANK)}


@pytest.mark.parametrize(
    ("offs", "expected"),
    [
        ((False, False), 0),
        ((True, False), 1),
        ((True, True, False, True, True), 2),
        ((False, True), 1),
        ((True, True), 1),
    ],
)
def test_stretches_with_the_lead_off(offs: tuple[bool, ...], expected: int) -> None:
    """From the first sample that says so to the next value, or to the last sample."""
    readings = [Reading(at(60 - i), None if off else 80, off) for i, off in enumerate(offs)]
    spans = spans_off(readings)

    assert len(spans) == expected
    assert all(start <= end for start, end in spans)
