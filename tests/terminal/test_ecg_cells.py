"""The paper of a strip: a millimetre is a column and half a row, at every speed and gain; a gap stays one."""

from __future__ import annotations

from array import array
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.clinical.ecg.paper import Paper, gains, speeds
from wardlink.clinical.ecg.sample import sample_strip
from wardlink.clinical.ecg.strip import MISSING, Strip
from wardlink.terminal.cells import width
from wardlink.terminal.ecg_cells import (
    DOTS_PER_MM,
    GUTTER,
    Look,
    Sheet,
    column_of,
    leads_that_fit,
    length_mm,
    sample_at,
    sheet,
    spans,
)

AT = datetime(2026, 11, 25, 10, tzinfo=UTC)
STRIP, PEAKS = sample_strip(AT, off=("V2", 1, 2))
_BITS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))


def drawn(found: Sheet, row: int) -> set[tuple[int, int]]:
    """The dots of the curve in a row of the sheet, from its upper left."""
    line = found.rows[row]
    return {
        (2 * (at - GUTTER) + x, y)
        for at, (char, ink) in enumerate(zip(line.chars, line.inks, strict=True))
        if ink == "trace"
        for x in (0, 1)
        for y in range(4)
        if ord(char) & _BITS[x][y]
    }


def trace(found: Sheet) -> set[tuple[int, int]]:
    """The dots of the curve of a sheet with one lead."""
    return {(x, 4 * row + y) for row in range(len(found.rows) - 2) for x, y in drawn(found, row + 1)}


def steps(*uv: int, seconds: float = 1.0) -> Strip:
    """A lead that stands at each of these values for a while, at 1,000 Hz."""
    return Strip(AT, 1000, 1, {"II": array("h", [value for value in uv for _ in range(round(seconds * 1000))])})


@pytest.mark.parametrize("mm_per_s", speeds())
@pytest.mark.parametrize("mm_per_mv", gains())
def test_a_second_and_a_millivolt_are_as_long_as_on_paper(mm_per_s: float, mm_per_mv: float) -> None:
    """A step of 1 mV after one second: at 2 dots a millimetre, both ways."""
    strip, look = steps(0, 1000), Look(("II",), Paper(mm_per_s, mm_per_mv))

    found = trace(sheet(strip, spans(strip), look, GUTTER + 60, 22, "off"))

    flat = [{y for x, y in found if x == at} for at in (0, round(mm_per_s * 2) + 4)]
    assert [len(ys) for ys in flat] == [1, 1]
    assert flat[0].pop() - flat[1].pop() == mm_per_mv * DOTS_PER_MM
    rise = {x for x in {x for x, _ in found} if len({y for at, y in found if at == x}) > 2}
    assert rise <= {round(mm_per_s * DOTS_PER_MM) - 1, round(mm_per_s * DOTS_PER_MM)}
    assert rise


def test_big_squares_are_five_columns_on_two_and_a_half_rows() -> None:
    """Lines from the left edge of the paper and from the base line, whatever is looked at."""
    strip = steps(0, seconds=10)
    for left in (0, 3, 5):
        found = sheet(strip, spans(strip), Look(("II",), left_mm=left), GUTTER + 30, 22, "off")
        row = found.rows[2]
        upright = [at - GUTTER for at, char in enumerate(row.chars) if row.inks[at] == "big" and ord(char) & 0x02]
        level = [
            4 * r + y for r in range(20) for y in range(4) if ord(found.rows[r + 1].chars[GUTTER + 1]) & _BITS[1][y]
        ]

        assert upright == [at for at in range(30) if (left + at) % 5 == 0]
        assert {y % 10 for y in level if found.rows[1 + y // 4].inks[GUTTER + 1] == "big"} == {0}


def test_what_does_not_fit_is_cut_and_marked() -> None:
    """Above and below, in the column where it happens; the curve never enters another lead's rows."""
    leads = {"I": array("h", [0] * 1000), "II": array("h", [4000] * 500 + [-4000] * 500)}
    strip = Strip(AT, 1000, 1, leads | {"III": leads["I"]})

    found = sheet(strip, spans(strip), Look(("I", "II", "III")), GUTTER + 30, 26, "off")

    assert "▲" in found.rows[9].chars
    assert "▼" in found.rows[16].chars
    for row in (*range(1, 9), *range(17, 25)):
        assert "▲" not in found.rows[row].chars
        assert {y for _x, y in drawn(found, row)} in (set(), {0}, {1}, {2}, {3})


def test_a_gap_is_a_gap() -> None:
    """No dot of the curve where the lead was off; the words stand where they have room."""
    strip = Strip(AT, 1000, 1, {"II": array("h", [0] * 1000 + [MISSING] * 1000 + [1600] * 1000)})

    found = sheet(strip, spans(strip), Look(("II",)), GUTTER + 75, 22, "导联脱落")

    assert {x for x, _ in trace(found)} & set(range(51, 99)) == set()
    assert {x for x, _ in trace(found)} >= set(range(49)) | set(range(101, 149))
    assert "╌导联脱落╌" in "".join(found.rows[11].chars)


def test_no_interval_is_said_across_a_gap() -> None:
    """A beat may lie hidden there."""
    samples = array("h", [0, 1] * 1000)
    samples[1000:1100] = array("h", [MISSING] * 100)
    strip = Strip(AT, 1000, 1, {"II": samples})
    look = Look(("II",), beats=(100, 700, 1500, 1950), beats_lead="II")

    words = "".join(sheet(strip, spans(strip), look, GUTTER + 60, 12, "off").rows[0].chars).split()

    assert [word for word in words if word.isdigit()] == ["600", "450"]
    assert words.count("▼") == 4


@given(
    st.integers(GUTTER + 1, 130),
    st.integers(3, 40),
    st.integers(0, 600),
    st.sampled_from(speeds()),
    st.sampled_from(gains()),
    st.lists(st.sampled_from(list(STRIP.leads)), min_size=1, max_size=3, unique=True),
    st.lists(st.integers(0, STRIP.length - 1), max_size=2),
)
def test_every_sheet_fits_its_cells(
    columns: int, rows: int, left: int, speed: float, gain: float, leads: list[str], marks: list[int]
) -> None:
    """At any size, place, speed and gain: so many rows of so many cells, and every mark on its sample's column."""
    look = Look(tuple(leads), Paper(speed, gain), left, PEAKS, "II", tuple(marks))

    found = sheet(STRIP, spans(STRIP), look, columns, rows, "导联脱落")

    assert len(found.rows) == rows
    for row in found.rows:
        assert len(row.chars) == len(row.inks) == columns
        assert width("".join(row.chars)) == columns
    seen = {column_of(STRIP, look, mark) for mark in marks}
    assert set(found.marked) == {column for column in seen if GUTTER <= column < columns}
    assert len(leads_that_fit(leads, rows)) >= 1


@given(st.integers(0, 249), st.sampled_from(speeds()))
def test_a_finger_on_a_column_means_a_sample_in_it(column: int, speed: float) -> None:
    """There and back, as far as the strip goes."""
    look = Look(("II",), Paper(speed))
    if column < length_mm(STRIP, look.paper):
        assert column_of(STRIP, look, sample_at(STRIP, look, GUTTER + column)) == GUTTER + column
