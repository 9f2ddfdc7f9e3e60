"""What holds on every page, whatever was measured."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.clinical.temperature_chart.anything import EVENTS, THINGS
from tests.clinical.temperature_chart.stays import ADMITTED_AT, BY, at, page
from wardlink.clinical.temperature_chart.axis import temperature_level
from wardlink.clinical.temperature_chart.facts import Event, Measurement
from wardlink.clinical.temperature_chart.slots import chosen, column_of

WEEKS = st.sampled_from([1, 2])


@given(THINGS, WEEKS)
def test_every_mark_says_its_value(things: list[Measurement | Event], week: int) -> None:
    """At its height, or at the edge with the number beside it; always within the grid."""
    drawn = page(*things, week=week, as_of=at(15, 20))
    for mark in drawn.marks:
        level = temperature_level(mark.value, BY) if mark.series in ("pulse", "hr") else mark.value
        assert 0 <= mark.x <= drawn.columns
        assert 0 <= mark.y <= drawn.rows_high
        if BY.bottom_c <= level <= BY.top_c:
            assert abs(BY.top_c - mark.y * BY.row_c - level) < 1e-5
        else:
            assert any(b.x == mark.x and b.y == mark.y and b.text.endswith(f"{mark.value:g}") for b in drawn.beyond)


@given(THINGS, WEEKS)
def test_nothing_that_stands_in_a_column_is_lost(things: list[Measurement | Event], week: int) -> None:
    """The pulse of each column that has one is drawn, and no other."""
    sets = [thing for thing in things if isinstance(thing, Measurement)]
    start_on = ADMITTED_AT.date()
    found = chosen(sets, lambda m: m.pulse_per_min is not None, start_on, BY)
    here = {column - (week - 1) * 42: m.pulse_per_min for column, m in found.items() if column // 42 == week - 1}

    drawn = page(*things, week=week, as_of=at(15, 20))

    assert {int(mark.x): mark.value for mark in drawn.marks if mark.series == "pulse"} == here


@given(THINGS, WEEKS)
def test_no_two_notes_share_a_column(things: list[Measurement | Event], week: int) -> None:
    """In the band, and below 35 degrees."""
    drawn = page(*things, week=week, as_of=at(15, 20))
    places = [(note.column, note.y) for note in drawn.notes]
    assert len(places) == len(set(places))
    assert all(0 <= note.column < drawn.columns for note in drawn.notes)


@given(st.lists(EVENTS, max_size=20))
def test_every_event_of_the_week_is_noted_once(things: list[Event]) -> None:
    """However many meet in a column; a cooling is no note."""
    start_on = ADMITTED_AT.date()
    marked = {(column_of(e.at, start_on, BY), e.kind) for e in things if e.kind != "cooling"}
    here = {(column, kind) for column, kind in marked if column is not None and column < 42}
    assert len(page(*things, as_of=at(15, 20)).notes) == len(here | {(2, "admission")})


@given(THINGS)
def test_lines_only_join_neighbours_of_one_curve(things: list[Measurement | Event]) -> None:
    """From a mark to the next mark of the same series."""
    drawn = page(*things, week=1, as_of=at(15, 20))
    for stroke in drawn.strokes:
        if stroke.style == "solid":
            xs = sorted(mark.x for mark in drawn.marks if mark.series == stroke.series)
            assert xs.index(stroke.x1) == xs.index(stroke.x0) + 1
