"""Where things lie on the sheet, to the fraction of a millimetre."""

from __future__ import annotations

import pytest

from server.charts import paper
from tests.clinical.temperature_chart.stays import measured, page


@pytest.mark.parametrize(
    ("temp_c", "y"), [(42.0, 48.0), (41.9, 50.0), (39.0, 108.0), (37.0, 148.0), (36.8, 152.0), (35.0, 188.0)]
)
def test_a_tenth_of_a_degree_is_two_millimetres(temp_c: float, y: float) -> None:
    """From the top line at 48 mm downwards; 37 degrees and 80 beats share the red line."""
    (mark,) = page(measured(2, 10, temp_c=temp_c)).marks
    assert paper.y_mm(mark.y) == pytest.approx(y, abs=1e-6)


@pytest.mark.parametrize(("pulse", "y"), [(180.0, 48.0), (80.0, 148.0), (76.0, 152.0), (20.0, 208.0)])
def test_a_beat_is_one_millimetre(pulse: float, y: float) -> None:
    """Four of them are a small square."""
    (mark,) = page(measured(2, 10, pulse_per_min=pulse)).marks
    assert paper.y_mm(mark.y) == pytest.approx(y, abs=1e-6)


@pytest.mark.parametrize(
    ("day", "hour", "x"), [(1, 2, 34.0), (1, 22, 54.0), (2, 2, 58.0), (2, 10, 66.0), (7, 22, 198.0)]
)
def test_a_column_is_four_millimetres(day: int, hour: int, x: float) -> None:
    """A value stands in its middle."""
    (mark,) = page(measured(day, hour, temp_c=37.0)).marks
    assert paper.x_mm(mark.x) == x


def test_the_parts_of_the_sheet_follow_each_other() -> None:
    """Head, hours, grid, respiration in two halves, the other rows, all on one sheet of A4 with its margins."""
    drawn = page(measured(2, 10, rr_per_min=18.0))
    head = [box for _row, box in paper.head_rows(drawn)]
    bottom = [box for _row, box in paper.bottom_rows(drawn)]
    assert [box.y for box in head] == [28.0, 33.0, 38.0]
    assert (paper.hours_box(drawn).y, paper.y_mm(0), paper.grid_bottom_mm(drawn)) == (43.0, 48.0, 208.0)
    assert [box.y for box in bottom][:3] == [208.0, 216.0, 221.0]
    assert all(box.x == paper.MARGIN_MM and box.x + box.width == paper.WIDTH_MM - paper.MARGIN_MM for box in bottom)
    assert paper.bottom_mm(drawn) + 10 < paper.FOOTER_Y_MM


def test_a_row_for_the_girth_only_where_there_is_one() -> None:
    """The sheet keeps its usual rows otherwise, empty ones too."""
    keys = [row.key for row, _box in paper.bottom_rows(page())]
    with_girth = [row.key for row, _box in paper.bottom_rows(page(measured(2, 10, girth_cm=88.0)))]
    assert keys == ["rr", "bp", "intake", "urine", "stool", "output", "weight", "height", "skin", "pain"]
    assert sorted(set(with_girth) - set(keys)) == ["girth"]
