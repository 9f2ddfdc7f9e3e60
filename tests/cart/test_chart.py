"""The temperature chart under the hands of a nurse, and its cells as numbers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cart.screens.chart import ChartScreen
from cart.usecases import chart as charts
from cart.widgets.chart import TemperatureChart
from cart.widgets.chart_cells import BOTH, GUTTER, NARROW, ROWS, WIDE, Line, Sheet, dots_for, sheet
from tests.cart.chart_stay import BED, fill
from tests.cart.nurse import AT, DESIGN, SMALL, Nurse, cart, process_language, sample_of
from tests.clinical.temperature_chart.anything import THINGS
from tests.clinical.temperature_chart.stays import at, happened, measured, page
from wardlink.clinical.temperature_chart.facts import Event, Measurement
from wardlink.i18n import speaking
from wardlink.record.chart_events import CHART_EVENT
from wardlink.terminal.cells import width


def cell(drawn: Sheet, column: float, row: int) -> tuple[str, str]:
    """What stands in the middle of a column in a row of the grid."""
    at = GUTTER + int((column + 0.5) * drawn.dots) // 2
    return drawn.lines[drawn.head + row].cells[at]


def test_a_week_fits_both_sizes() -> None:
    """Two cells a column beside the symbols, one and a half on a small screen."""
    assert (dots_for(42, DESIGN[0] - 25), dots_for(42, SMALL[0])) == (WIDE, NARROW)
    for dots in (WIDE, NARROW):
        assert {len(line.cells) for line in sheet(page(), dots).lines} == {GUTTER + 42 * dots // 2}


@pytest.mark.parametrize("dots", [WIDE, NARROW])
@pytest.mark.parametrize(("temp_c", "row"), [(42.0, 0), (41.0, 2), (38.6, 6), (37.0, 10), (36.8, 10), (35.0, 14)])
def test_a_degree_is_two_rows(dots: int, temp_c: float, row: int) -> None:
    """And the symbol says how it was measured."""
    drawn = sheet(page(measured(2, 10, temp_c=temp_c)), dots)
    assert cell(drawn, 8, row) == ("×", "blue")
    assert sum(line.text.count("×") for line in drawn.lines) == 1


@given(THINGS, st.sampled_from([WIDE, NARROW]), st.sampled_from(["zh_CN", "en"]))
@settings(max_examples=60, deadline=None)
def test_no_value_moves_its_neighbours(things: list[Measurement | Event], dots: int, speaks: str) -> None:
    """Whatever was measured: every line is as wide as the others, and every number off the grid can be read."""
    with speaking(speaks):
        drawn = page(*things, as_of=at(14, 20))
        lines = sheet(drawn, dots).lines
    assert {width(line.text) for line in lines} == {GUTTER + 42 * dots // 2}
    text = "\n".join(line.text for line in lines)
    assert all(row.text.count("│") >= 1 for row in lines)
    assert len(drawn.beyond) > 4 or all(beyond.text in text for beyond in drawn.beyond)


@given(st.lists(st.tuples(st.integers(-2, 12), st.sampled_from(["体", "入院于", "36.8", "×", "a温b"])), max_size=12))
def test_half_a_wide_character_never_stays(written: list[tuple[int, str]]) -> None:
    """Whatever is written over it, the line keeps its width."""
    line = Line([(" ", "dim")] * 10)
    for where, text in written:
        line.put(where, text, "plain")
        assert width(line.text) == 10


def test_the_scale_stands_before_its_lines() -> None:
    """42 degrees and 180 beats on top, 35 and 40 in the last row but one."""
    lines = sheet(page(), WIDE).lines
    head = sheet(page(), WIDE).head
    assert [lines[head + row].text[:GUTTER].split() for row in (0, 10, 14)] == [
        ["42℃", "180│"],
        ["37℃", "80│"],
        ["35℃", "40│"],
    ]


def test_what_meets_in_one_cell_is_not_hidden() -> None:
    """In the same place one symbol says both; else the temperature stands to the left of the pulse."""
    same = sheet(page(measured(2, 10, temp_c=36.8, pulse_per_min=76.0)), WIDE)
    near = sheet(page(measured(2, 10, temp_c=36.7, pulse_per_min=76.0)), WIDE)
    assert cell(same, 8, 10) == (BOTH, "both")
    assert (cell(near, 8, 10), cell(near, 7.5, 10)) == (("●", "red"), ("×", "blue"))


def test_a_note_stands_in_its_column_and_gives_way_to_values() -> None:
    """One character a row from the top; it ends above a symbol."""
    high = measured(2, 10, temp_c=41.0)
    free, short = (sheet(page(happened("transfer-in", 2, 10, 5), *more), WIDE) for more in ((), (high,)))

    def column(drawn: Sheet) -> str:
        at = GUTTER + 8 * 2
        return "".join(drawn.lines[drawn.head + row].cells[at][0] for row in range(ROWS)).rstrip("⠀ ")

    assert column(free).startswith("转入于十时五分")
    assert column(short).startswith("转…")


def test_not_rising_is_written_below_35() -> None:
    """In the last two rows."""
    drawn = sheet(page(measured(2, 10, temp_c=34.2)), WIDE)
    at = GUTTER + 8 * 2
    assert [drawn.lines[drawn.head + row].cells[at] for row in (14, 15)] == [("不", "blue"), ("升", "blue")]


def test_numbers_off_the_grid_do_not_cover_each_other() -> None:
    """Both stand at the edge."""
    text = "\n".join(line.text for line in sheet(page(measured(2, 10, temp_c=42.6, pulse_per_min=204.0)), WIDE).lines)
    assert ("↑42.6" in text, "↑204" in text) == (True, True)


async def opened(nurse: Nurse) -> TemperatureChart:
    """The chart of the filled stay."""
    await nurse.sign_in()
    fill(sample_of(nurse))
    await nurse.open(BED)
    await nurse.press("c")
    assert isinstance(nurse.app.screen, ChartScreen)
    return nurse.app.screen.query_one(TemperatureChart)


def said(nurse: Nurse) -> str:
    """The column in words."""
    return str(nurse.app.screen.query_one("#chart-column").render())


async def test_the_cursor_says_the_numbers() -> None:
    """It begins at the newest values; what was cooled says both temperatures."""
    with process_language("zh_CN"):
        async with cart() as nurse:
            await opened(nurse)
            first = said(nurse)
            await nurse.press(*["left"] * 26)

            assert first.startswith("11-23 06:00 · 体温 36.7 ℃ (耳温、额温等) · 脉搏 72 · 呼吸 16")
            assert "体温 39.4 ℃ (腋温) · 降温后 38.5 ℃" in said(nurse)


async def test_what_is_marked_stands_on_the_chart() -> None:
    """Now or at another time; it counts the days after an operation, and is told as unsent."""
    async with cart() as nurse:
        await opened(nurse)
        stay = sample_of(nurse).replica.in_bed(BED).id
        await nurse.press("n", "1")
        await nurse.press("tab")
        await nurse.typed("11-22 08:15", "enter")

        (new,) = [e for e in sample_of(nurse).replica.records(CHART_EVENT, encounter=stay) if e.entered_at == AT]
        assert (new.what, new.at - AT) == ("surgery", timedelta(days=-1, hours=-2, minutes=-27, seconds=-7))


async def test_no_mark_in_the_future_or_before_the_admission() -> None:
    """It is said, and asked again."""
    async with cart() as nurse:
        await opened(nurse)
        before = len(sample_of(nurse).recorded)
        await nurse.press("n", "1", "tab")
        await nurse.typed("23:59", "enter")
        await nurse.press("tab")
        await nurse.typed("11-01 08:00", "enter")
        await nurse.press("escape")

        assert len(sample_of(nurse).recorded) == before


async def test_a_wrong_mark_is_struck_out_with_a_reason() -> None:
    """It stays in the list, and the chart counts no days after it."""
    async with cart() as nurse:
        await opened(nurse)
        stay = sample_of(nurse).replica.in_bed(BED)
        await nurse.press("x", "3", "4")

        struck = [e for e in sample_of(nurse).replica.records(CHART_EVENT, encounter=stay.id) if e.struck_at]
        chart = charts.read(sample_of(nurse).replica, stay.id, AT)
        assert [(e.what, e.struck_reason) for e in struck] == [("surgery", "未发生")]
        assert chart is not None
        assert "surgery" not in {event.kind for event in chart.facts.events}


async def test_which_of_several_sets_stands_in_a_column() -> None:
    """Chosen by its time and values; another choice takes its place; where there is one set there is no choice."""
    async with cart() as nurse:
        await opened(nurse)
        board = sample_of(nurse).replica
        stay = board.in_bed(BED).id
        await nurse.press("t")
        none = [e for e in board.records(CHART_EVENT, encounter=stay) if e.what == "plotted"]
        await nurse.press(*["left"] * 26, "t", "2")
        chosen = said(nurse)
        await nurse.press("t", "1")

        events = [e for e in board.records(CHART_EVENT, encounter=stay) if e.what == "plotted"]
        assert (none, "38.5" in chosen) == ([], True)
        assert sorted(e.struck_at is None for e in events) == [False, True]
        assert "39.4" in said(nurse)


async def test_small_screens_scroll_under_the_dates() -> None:
    """The dates stay; everything can be reached."""
    async with cart(size=SMALL) as nurse:
        widget = await opened(nurse)
        top = widget.render_line(0).text
        hidden = widget.hidden_below
        await nurse.press(*["down"] * 20)

        assert hidden > 0
        assert (widget.hidden_below, widget.render_line(0).text) == (0, top)


async def test_the_other_language_and_a_finger() -> None:
    """F10 says everything anew and keeps the column; a tap chooses one."""
    async with cart() as nurse:
        await opened(nurse)
        await nurse.press("f10")
        english = said(nurse)
        widget = nurse.app.screen.query_one(TemperatureChart)
        await nurse.tap(widget, (GUTTER + 2 * 7, 10))

        assert english.startswith("11-23 06:00 · Temp 36.7")
        assert said(nurse).startswith("11-19 06:00 · Temp 38.2 ℃ (oral)")


async def test_a_saved_set_stands_on_the_chart_at_once() -> None:
    """Entered from the chart itself with V; the cursor stays where it was."""
    async with cart() as nurse:
        await opened(nurse)
        await nurse.press("v")
        await nurse.fill("37.6")
        await nurse.press("f2", "1", "right")

        assert isinstance(nurse.app.screen, ChartScreen)
        assert "37.6" in said(nurse)


async def test_what_was_struck_out_stays_readable() -> None:
    """A star at its column, and the numbers with the reason; they are on no curve."""
    async with cart() as nurse:
        await opened(nurse)
        await nurse.press("escape", "x", "1", "c")
        newest = said(nurse)
        await nurse.press(*["right"] * 4)

        assert newest.startswith("11-22 14:00")
        assert said(nurse).startswith("11-23 06:00 · 未测量  * 06:00  T 36.7  P 72  R 16 ")
        assert "*" in nurse.app.screen.query_one(TemperatureChart).render_line(3).text


async def test_a_week_is_turned() -> None:
    """A longer stay has more pages; beside the first and the last there is none."""
    async with cart() as nurse:
        await nurse.sign_in()
        board = sample_of(nurse).replica
        board.stays = [
            s.model_copy(update={"admitted_at": AT - timedelta(days=16)}) if s.bed == BED else s for s in board.stays
        ]
        fill(sample_of(nurse))
        await nurse.open(BED)
        await nurse.press("c")
        week = nurse.app.screen.query_one("#chart-week")
        last = str(week.render())
        await nurse.press("pageup", "pageup", "pageup")
        first = str(week.render())

        assert "3/3" in last or "3 of 3" in last
        assert ("1/3" in first or "1 of 3" in first, "11-09" in first) == (True, True)
