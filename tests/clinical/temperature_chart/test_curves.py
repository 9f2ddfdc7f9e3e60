"""Where values lie, what they look like, and which are joined."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases import case
from tests.clinical.temperature_chart.stays import ADMITTED_AT, BY, at, happened, measured, page
from wardlink.clinical.temperature_chart.axis import pulse_level, pulse_y, temperature_level, temperature_y
from wardlink.clinical.temperature_chart.facts import Measurement
from wardlink.clinical.temperature_chart.page import Mark, Page, Stroke
from wardlink.clinical.temperature_chart.slots import column_of


def marks(drawn: Page, series: str = "temp") -> list[tuple[float, float]]:
    """Where the marks of a series lie."""
    return [(mark.x, mark.y) for mark in drawn.marks if mark.series == series]


def joined(drawn: Page, series: str = "temp") -> list[tuple[float, float]]:
    """From which column to which the solid lines of a series go."""
    return [(s.x0, s.x1) for s in drawn.strokes if s.series == series and s.style == "solid"]


@pytest.mark.parametrize(
    ("temp_c", "pulse"), [(42, 180), (41, 160), (40, 140), (39, 120), (38, 100), (37, 80), (36, 60), (35, 40), (34, 20)]
)
def test_both_scales_share_their_lines(temp_c: float, pulse: float) -> None:
    """37 degrees lies on 80 beats; a square is 0.2 degrees and 4 beats."""
    assert temperature_y(temp_c, BY) == pulse_y(pulse, BY)
    assert temperature_y(temp_c, BY).y == (42 - temp_c) * 5
    assert (pulse_level(temp_c, BY), temperature_level(pulse, BY)) == (pulse, temp_c)


@given(st.integers(340, 420))
def test_a_tenth_of_a_degree_is_half_a_square(tenths: int) -> None:
    """Exactly, whatever binary numbers say."""
    assert temperature_y(tenths / 10, BY).y * 2 == 420 * 1.0 - tenths


@pytest.mark.parametrize(
    ("hour", "minute", "column"), [(0, 0, 0), (3, 59, 0), (4, 0, 1), (12, 0, 3), (15, 59, 3), (16, 0, 4), (23, 59, 5)]
)
def test_a_column_is_half_open(hour: int, minute: int, column: int) -> None:
    """From two hours before to just before two hours after."""
    assert column_of(at(1, hour, minute), ADMITTED_AT.date(), BY) == column
    assert column_of(at(2, hour, minute), ADMITTED_AT.date(), BY) == column + 6
    assert column_of(at(0, hour, minute), ADMITTED_AT.date(), BY) == column - 6


def test_the_other_set_of_hours() -> None:
    """The last column of a day reaches into the next one."""
    other = replace(BY, column_hours=(4, 8, 12, 16, 20, 24))
    assert [column_of(at(2, h), ADMITTED_AT.date(), other) for h in (1, 2, 5, 6, 22)] == [5, 6, 6, 7, 11]


def test_of_several_the_routine_one_stands_there() -> None:
    """Else the nearest to the hour; what nobody ticked stays in the nursing record."""
    nearest = page(measured(2, 9, 50, temp_c=37.0), measured(2, 10, 20, temp_c=38.0))
    routine = page(measured(2, 10, temp_c=37.0, standing="ticked"), measured(2, 11, 30, temp_c=38.0))
    alone = page(measured(2, 10, temp_c=38.0, standing="ticked"), measured(2, 14, temp_c=39.0, standing="record-only"))
    assert [marks(nearest), marks(routine), marks(alone)] == [[(8.5, 25.0)], [(8.5, 20.0)], [(8.5, 20.0)]]


@pytest.mark.parametrize(
    ("method", "symbol"), [("oral", "dot"), ("axillary", "cross"), ("rectal", "ring"), ("ear", "triangle")]
)
def test_the_symbol_says_how_it_was_measured(method: str, symbol: str) -> None:
    """In blue, and as measured: nothing is added or taken away."""
    (mark,) = page(measured(2, 10, temp_c=38.2, temp_method=method)).marks
    assert mark == Mark(8.5, 19.0, symbol, "blue", "temp", 38.2)  # type: ignore[arg-type]


@pytest.mark.parametrize("method", [None, "elsewhere"])
def test_an_unknown_way_of_measuring_is_not_drawn_as_a_known_one(method: str | None) -> None:
    """A dot would say that it was measured in the mouth."""
    (mark,) = page(measured(2, 10, temp_c=38.2, temp_method=method)).marks
    assert mark.symbol == "triangle"


def test_pulse_and_heart_rate_are_red() -> None:
    """A dot and a ring, and between them the deficit is hatched."""
    drawn = page(
        measured(2, 10, pulse_per_min=80.0, hr_per_min=100.0), measured(2, 14, pulse_per_min=80.0, hr_per_min=80.0)
    )
    assert [(m.symbol, m.colour, m.series, m.x, m.y) for m in drawn.marks] == [
        ("dot", "red", "pulse", 8.5, 25.0),
        ("dot", "red", "pulse", 9.5, 25.0),
        ("ring", "red", "hr", 8.5, 20.0),
        ("ring", "red", "hr", 9.5, 25.0),
    ]
    assert [(s.x0, s.y0, s.y1) for s in drawn.strokes if s.style == "hatch"] == [
        (8.5, 20.0, 25.0),
        (8.75, 21.25, 25.0),
        (9.0, 22.5, 25.0),
        (9.25, 23.75, 25.0),
    ]


def test_without_a_deficit_nothing_is_hatched() -> None:
    """The same number twice is a dot in a ring."""
    drawn = page(*(measured(2, hour, pulse_per_min=80.0, hr_per_min=80.0) for hour in (10, 14)))
    assert [s.style for s in drawn.strokes] == ["solid", "solid"]


def test_hatching_stops_where_the_lines_stop() -> None:
    """Over a refusal, and over a column in which only the pulse was counted, nothing is hatched."""
    pair = [measured(2, hour, pulse_per_min=80.0, hr_per_min=100.0) for hour in (6, 14)]
    refused = page(*pair, happened("refused", 2, 10))
    alone = page(*pair, measured(2, 10, pulse_per_min=88.0))
    whole = page(*pair)
    assert [{s.x0 for s in drawn.strokes if s.style == "hatch"} for drawn in (refused, alone)] == [{7.5, 9.5}] * 2
    assert {8.0, 8.5, 9.0} <= {s.x0 for s in whole.strokes if s.style == "hatch"}


def test_a_pulse_on_the_temperature_goes_around_it() -> None:
    """A red ring around dot or cross; into the ring of a rectal one goes the red dot."""

    def symbols(method: str) -> list[tuple[str, str]]:
        drawn = page(measured(2, 10, temp_c=37.0, temp_method=method, pulse_per_min=80.0))
        return [(mark.symbol, mark.colour) for mark in drawn.marks]

    assert symbols("oral") == [("dot", "blue"), ("ring-around", "red")]
    assert symbols("axillary") == [("cross", "blue"), ("ring-around", "red")]
    assert symbols("rectal") == [("ring", "blue"), ("dot", "red")]


def test_off_the_grid_is_never_dropped() -> None:
    """At the edge, with an arrow and the number."""
    drawn = page(measured(2, 10, temp_c=42.6, pulse_per_min=204.0), measured(2, 14, pulse_per_min=12.0))
    assert [(b.x, b.y, b.text, b.colour) for b in drawn.beyond] == [
        (8.5, 0.0, "↑42.6", "blue"),
        (8.5, 0.0, "↑204", "red"),
        (9.5, 40.0, "↓12", "red"),
    ]
    assert [mark.value for mark in drawn.marks] == [42.6, 204.0, 12.0]


def test_below_35_is_written_and_breaks_the_line() -> None:
    """In blue below the line of 35; so does a thermometer that did not rise. At 35 it is drawn."""
    low = page(measured(2, 6, temp_c=36.0), measured(2, 10, temp_c=34.9), measured(2, 14, temp_c=35.0))
    unread = page(measured(2, 10, not_measured={"temp_c": "not-rising"}))
    assert [(n.column, n.y, n.text, n.colour) for n in low.notes[1:]] == [(8, 35.0, "不升", "blue")]
    assert (marks(low), joined(low)) == ([(7.5, 30.0), (9.5, 35.0)], [])
    assert [n.text for n in unread.notes[1:]] == ["不升"]


@pytest.mark.parametrize("reason", ["refused", "out", "leave"])
def test_lines_break_where_nothing_was_measured(reason: str) -> None:
    """And begin anew; a reason that is not one of these leaves the line whole."""
    around = (measured(2, 6, temp_c=37.0, pulse_per_min=80.0), measured(2, 14, temp_c=37.2, pulse_per_min=84.0))
    only_temp = page(*around, measured(2, 10, not_measured={"temp_c": reason}))
    everything = page(*around, happened(reason, 2, 9))  # type: ignore[arg-type]
    fault = page(*around, measured(2, 10, not_measured={"temp_c": "device-fault"}))
    assert [joined(only_temp), joined(only_temp, "pulse")] == [[], [(7.5, 9.5)]]
    assert [joined(everything), joined(everything, "pulse")] == [[], []]
    assert joined(fault) == [(7.5, 9.5)]


def test_refused_first_and_measured_after_all_breaks_nothing() -> None:
    """The column has its value."""
    drawn = page(
        measured(2, 6, temp_c=37.0),
        measured(2, 10, not_measured={"temp_c": "refused"}),
        measured(2, 10, 15, temp_c=37.2),
    )
    assert joined(drawn) == [(7.5, 8.5)]


def test_equal_neighbours_are_joined_or_not() -> None:
    """A switch."""
    same = (measured(2, 6, temp_c=37.0), measured(2, 10, temp_c=37.0))
    assert joined(page(*same)) == [(7.5, 8.5)]
    assert joined(page(*same, by=replace(BY, joins_equal=False))) == []


FEVER = measured(2, 14, temp_c=39.4)
COOLING = happened("cooling", 2, 14, 5)


def test_after_cooling_a_red_ring_hangs_on_a_dashed_line() -> None:
    """In the column of the value before, also where it was taken after the column's end."""
    drawn = page(measured(2, 15, 50, temp_c=39.4), happened("cooling", 2, 15, 55), measured(2, 16, 25, temp_c=38.4))
    assert drawn.marks[1] == Mark(9.5, 18.0, "ring", "red", "after-cooling", 38.4)
    assert drawn.strokes == (Stroke(9.5, 13.0, 9.5, 18.0, "red", "dashed", "after-cooling"),)


def test_cooling_that_changed_nothing_is_seen() -> None:
    """The ring goes around the symbol, and does not hide it."""
    drawn = page(FEVER, COOLING, measured(2, 14, 35, temp_c=39.4))
    assert [(m.symbol, m.colour, m.y) for m in drawn.marks] == [("cross", "blue", 13.0), ("ring-around", "red", 13.0)]


def test_the_next_value_is_joined_to_the_one_before_cooling() -> None:
    """Not to the red ring."""
    drawn = page(FEVER, COOLING, measured(2, 14, 35, temp_c=38.4), measured(2, 18, temp_c=38.0))
    (line,) = [s for s in drawn.strokes if s.style == "solid"]
    assert (line.x0, line.y0, line.x1, line.y1) == (9.5, 13.0, 10.5, 20.0)


def test_what_was_cooled_stands_on_the_chart() -> None:
    """Though another value lies nearer to the hour, and nobody had ticked it."""
    before = measured(2, 15, 30, temp_c=39.4, standing="record-only")
    drawn = page(measured(2, 14, temp_c=38.0), before, happened("cooling", 2, 15, 35), measured(2, 16, 5, temp_c=38.4))
    assert (marks(drawn), marks(drawn, "after-cooling")) == ([(9.5, 13.0)], [(9.5, 18.0)])


def test_cooled_twice() -> None:
    """Both rings stand in one column, the second on a line from the first."""
    drawn = page(
        FEVER,
        COOLING,
        measured(2, 14, 35, temp_c=39.0),
        happened("cooling", 2, 14, 40),
        measured(2, 15, 10, temp_c=38.2),
    )
    assert [(s.x0, s.y0, s.y1) for s in drawn.strokes] == [(9.5, 13.0, 15.0), (9.5, 15.0, 19.0)]


@pytest.mark.parametrize("minutes", [19, 61])
def test_too_early_or_too_late_is_no_value_after_cooling(minutes: int) -> None:
    """It is a value like any other."""
    drawn = page(FEVER, COOLING, measured(2, 14, 5 + minutes, temp_c=38.4))
    assert marks(drawn, "after-cooling") == []


def test_struck_by_the_edge_of_the_page() -> None:
    """Values of another week are not drawn, and no line comes from them."""
    second = page(measured(7, 22, temp_c=37.0), measured(8, 2, temp_c=37.4), week=2, as_of=at(8, 20))
    assert (marks(second), second.strokes) == ([(0.5, 23.0)], ())


@pytest.mark.cases
def test_a_real_monitor_on_the_sheet() -> None:
    """32 hours of it: every value of a column is one that was measured there, within its two hours."""
    with case("vitals", "3975656n.csv").open() as file:
        samples = [(int(line["minute"]), float(line["HR"] or 0)) for line in csv.DictReader(file)]
    sets = [Measurement(at(1, 12) + timedelta(minutes=m), hr_per_min=hr) for m, hr in samples if hr > 0]

    drawn = page(*sets)

    by_value = {(column_of(one.at, ADMITTED_AT.date(), BY), one.hr_per_min) for one in sets}
    assert [mark.x for mark in drawn.marks] == [3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5, 10.5, 11.5][: len(drawn.marks)]
    assert all((int(mark.x), mark.value) in by_value for mark in drawn.marks)
    assert len(drawn.marks) >= 8
    assert all(b.x0 == a.x1 for a, b in pairwise(drawn.strokes))
