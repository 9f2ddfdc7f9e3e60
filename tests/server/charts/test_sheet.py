"""The printed sheet, looked at: every symbol in its ink at its place."""

from __future__ import annotations

import math
from typing import Any

import pytest
from PIL import Image

from server.charts import paper
from server.charts.drawing import NOTE_STEP_MM, Imprint, draw
from server.charts.font import FontMissing, find_font
from server.charts.symbols import AROUND_MM, RING_MM
from tests.clinical.temperature_chart.stays import ADMITTED_AT, happened, measured, page
from tests.server.charts.looking import at, ink, pages, picture, share_of_ring, words
from wardlink.clinical.temperature_chart.facts import DayTotals
from wardlink.i18n import speaking


def has_font() -> bool:
    """Whether this machine can print Chinese."""
    try:
        find_font()
    except FontMissing:
        return False
    return True


pytestmark = pytest.mark.skipif(not has_font(), reason="no Chinese font is installed (make system-deps)")

IMPRINT = Imprint("打印 2026-11-29 20:00 李静")


def printed(*things: Any, **more: Any) -> bytes:
    """A sheet with these things, in Chinese."""
    with speaking("zh_CN"):
        return draw([page(*things, **more)], find_font(), IMPRINT)


def looked(*things: Any) -> Image.Image:
    """The same as a picture."""
    return picture(printed(*things))


def arms(shown: Image.Image, x: float, y: float) -> list[str]:
    """What lies on the four arms of a cross, and beside them."""
    return [ink(shown, x + dx * 0.6, y + dy * 0.6) for dx, dy in ((-1, -1), (1, -1), (1, 1), (-1, 1))]


def test_an_axillary_temperature_is_a_blue_cross() -> None:
    """36.8 degrees at 14 o'clock of the second day: 70 mm from the left, 152 from above."""
    x, y = at(2, 14, 36.8)
    shown = looked(measured(2, 14, temp_c=36.8))
    assert (x, round(y, 6)) == (70.0, 152.0)
    assert (arms(shown, x, y), ink(shown, x, y)) == (["blue"] * 4, "blue")
    assert ink(shown, x + 0.7, y + 0.35) != "blue"


def test_an_oral_temperature_is_a_solid_blue_dot() -> None:
    """Blue in the middle and half a millimetre from it."""
    x, y = at(2, 14, 38.2)
    shown = looked(measured(2, 14, temp_c=38.2, temp_method="oral"))
    assert {ink(shown, x + 0.5 * math.cos(t), y + 0.5 * math.sin(t)) for t in range(6)} == {"blue"}


def test_a_rectal_temperature_is_an_open_blue_ring() -> None:
    """Blue around, not in the middle."""
    x, y = at(2, 14, 38.3)
    shown = looked(measured(2, 14, temp_c=38.3, temp_method="rectal"))
    assert share_of_ring(shown, x, y, RING_MM, "blue") == 1.0
    assert ink(shown, x + 0.3, y + 0.3) == "white"


def test_a_pulse_is_a_red_dot_and_a_heart_rate_a_red_ring() -> None:
    """96 beats lie on the line of 37.8 degrees; the area between both is hatched."""
    x, y = at(2, 14, 37.8)
    shown = looked(measured(2, 14, pulse_per_min=96.0, hr_per_min=116.0))
    heart_y = at(2, 14, 38.8)[1]
    assert ink(shown, x + 0.4, y + 0.4) == "red"
    assert share_of_ring(shown, x, heart_y, RING_MM, "red") > 0.95
    assert ink(shown, x, (y + heart_y) / 2 + 0.8) == "red"


def test_a_pulse_on_the_temperature_goes_around_it() -> None:
    """36.8 and 76: a blue cross inside a red ring."""
    x, y = at(2, 14, 36.8)
    shown = looked(measured(2, 14, temp_c=36.8, pulse_per_min=76.0))
    assert arms(shown, x, y) == ["blue"] * 4
    assert share_of_ring(shown, x, y, AROUND_MM, "red") == 1.0


def test_a_pulse_in_a_rectal_temperature_is_a_red_dot_inside() -> None:
    """The blue ring stays whole."""
    x, y = at(2, 14, 36.8)
    shown = looked(measured(2, 14, temp_c=36.8, temp_method="rectal", pulse_per_min=76.0))
    assert (ink(shown, x, y), share_of_ring(shown, x, y, RING_MM, "blue")) == ("red", 1.0)


def test_heart_and_pulse_alike_are_a_dot_in_a_ring() -> None:
    """With room between them."""
    x, y = at(2, 14, 36.9)
    shown = looked(measured(2, 14, pulse_per_min=78.0, hr_per_min=78.0))
    assert (ink(shown, x, y), share_of_ring(shown, x, y, RING_MM, "red")) == ("red", 1.0)
    assert ink(shown, x + 0.5, y + 0.5) != "red"


def test_after_cooling_a_red_ring_hangs_on_a_broken_red_line() -> None:
    """In the same column; the next temperature is joined to the cross, not to the ring."""
    shown = looked(
        measured(2, 14, temp_c=39.4),
        happened("cooling", 2, 14, 5),
        measured(2, 14, 35, temp_c=38.4),
        measured(2, 18, temp_c=38.0),
    )
    (x, before), after = at(2, 14, 39.4), at(2, 14, 38.4)[1]
    line = [ink(shown, x, before + 1.2 + n * 0.1) for n in range(int((after - before - 2.4) * 10))]
    end = at(2, 18, 38.0)
    assert share_of_ring(shown, x, after, RING_MM, "red") > 0.95
    assert len(line) / 3 < line.count("red") < len(line)
    assert ink(shown, (x + end[0]) / 2, (before + end[1]) / 2) == "blue"


def test_the_line_of_37_is_red() -> None:
    """Over the whole week; the one of 38 is not."""
    shown = looked()
    assert {ink(shown, at(day, 2, 37)[0], at(day, 2, 37)[1]) for day in range(1, 8)} == {"red"}
    assert {ink(shown, at(day, 2, 38)[0], at(day, 2, 38)[1]) for day in range(1, 8)} == {"black"}


def test_below_35_is_written_in_blue_and_joins_nothing() -> None:
    """In the column, under the line of 35."""
    shown = looked(measured(2, 10, temp_c=36.0), measured(2, 14, temp_c=34.6), measured(2, 18, temp_c=36.0))
    x, y = at(2, 14, 35.0)
    inks = [ink(shown, x - 1.5 + n % 31 * 0.1, y + 0.4 + n // 31 * 0.1) for n in range(31 * int(NOTE_STEP_MM * 20))]
    between = at(2, 14, 36.0)
    assert inks.count("blue") > 100
    assert ink(shown, *between) != "blue"


def test_notes_are_red_and_fit_into_the_band() -> None:
    """The longest one ends above the line of 40."""
    shown = looked(happened("transfer-in", 3, 23, 59))
    x, top = at(3, 22, 42.0)
    bottom = at(3, 22, 40.0)[1]

    def reds(first: float, last: float) -> int:
        return sum(
            ink(shown, x - 1.6 + n * 0.1, first + m * 0.1) == "red"
            for n in range(33)
            for m in range(int((last - first) * 10))
        )

    assert reds(top + 0.4, bottom) > 500
    assert reds(bottom + 0.2, bottom + 8) == 0


def test_numbers_off_the_grid_are_written() -> None:
    """With their arrows; nothing is dropped."""
    said = words(printed(measured(2, 14, temp_c=42.6, pulse_per_min=204.0), measured(3, 14, pulse_per_min=12.0)))
    assert all(text in said for text in ("42.6", "204", "12"))


def test_what_is_written_can_be_read_by_a_machine() -> None:
    """The name of the sheet, numbers of the bottom block, the page, who printed it."""
    said = words(printed(measured(2, 10, sbp_mmhg=122.0, dbp_mmhg=78.0, weight_kg=62.5, stool="1 2/E")))
    assert all(text in said for text in ("体温单", "122/78", "62.5", "2/E", "第 1 页", "打印 2026-11-29 20:00 李静"))


def test_a_sheet_of_invented_people_says_so() -> None:
    """Across the whole sheet."""
    with speaking("zh_CN"):
        pdf = draw([page()], find_font(), Imprint("", is_sample=True))
    assert "示例数据" in words(pdf).replace(" ", "")
    assert "示例数据" not in words(printed()).replace(" ", "")


def test_a_character_that_the_font_lacks_is_marked(caplog: pytest.LogCaptureFixture) -> None:
    """No box stands in its place, and nothing of a name is written into a log."""
    said = words(printed(header=(("姓名", "王\U0001f600芳"),)))
    assert "王〓芳" in said
    assert caplog.text == ""


def test_long_words_stay_in_their_box() -> None:
    """Made smaller until they fit: the widest drains and drugs of a day do not reach into the next one."""
    totals = (DayTotals(ADMITTED_AT.date(), drains={"左侧胸腔闭式引流管": 200.0, "右侧腹腔引流管": 150.0}),)
    shown = picture(printed(totals=totals))
    (box,) = [box for row, box in paper.bottom_rows(page(totals=totals)) if row.key == "output"]
    inks = [ink(shown, paper.x_mm(6) + 0.5 + n % 220 * 0.1, box.y + 0.5 + n // 220 * 0.1) for n in range(220 * 40)]
    assert set(inks) == {"white"}


def test_english_notes_lie_on_their_side() -> None:
    """And every label is in that language."""
    with speaking("en"):
        pdf = draw([page(happened("surgery", 2, 9))], find_font(), IMPRINT)
    assert "Temperature chart" in words(pdf)
    assert pages(pdf) == 1
