"""Where somebody is along a strip: never behind its ends, every lead in turn, a gain that keeps it on the paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.clinical.ecg.paper import Paper
from wardlink.clinical.ecg.sample import sample_strip
from wardlink.terminal.ecg_cells import Sheet, length_mm, sheet, spans
from wardlink.terminal.ecg_looking import Looking

STRIP, PEAKS = sample_strip(datetime(2026, 11, 25, 10, tzinfo=UTC))
REACH = spans(STRIP)
COLUMNS = 40


def drawn(looking: Looking, rows: int) -> Sheet:
    """The paper on so many rows."""
    looking.fit(rows)
    return sheet(STRIP, REACH, looking.seen(COLUMNS), COLUMNS + 7, rows, "off")


_MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("page"), st.integers(-2, 2)),
        st.tuples(st.just("end"), st.integers(0, 1)),
        st.tuples(st.just("scroll"), st.integers(-400, 400)),
        st.tuples(st.just("speed"), st.just(0)),
    ),
    max_size=12,
)


@given(moves=_MOVES)
def test_no_paper_is_shown_behind_the_ends(moves: list[tuple[str, int]]) -> None:
    """Whatever is asked for, at every speed."""
    looking = Looking(STRIP)
    for name, by in moves:
        match name:
            case "page":
                looking.page(by, COLUMNS)
            case "end":
                looking.to_end(by)
            case "scroll":
                looking.scroll(by)
            case _:
                looking.turn_speed()
        look = looking.seen(COLUMNS)

        assert 0 <= look.left_mm <= max(0, length_mm(STRIP, look.paper) - COLUMNS)


def test_pages_lead_through_the_whole_strip() -> None:
    """From the beginning to the end, with a big square in common; and back."""
    looking, seen = Looking(STRIP), [0]
    while True:
        looking.page(1, COLUMNS)
        left = looking.seen(COLUMNS).left_mm
        if left == seen[-1]:
            break
        seen.append(left)

    assert seen[:3] == [0, 35, 70]
    assert seen[-1] == length_mm(STRIP, Paper()) - COLUMNS


def test_every_lead_comes_in_turn() -> None:
    """Round the leads, and of three the last three at the end."""
    looking, leads = Looking(STRIP, "II"), tuple(STRIP.leads)
    shown = []
    for _lead in leads:
        shown.append(looking.lead)
        looking.turn_lead(1)
    looking.turn_at_once()
    looking.choose(leads[-1])

    assert (shown[0], sorted(shown)) == ("II", sorted(leads))
    assert looking.leads == leads[-3:]


def test_a_lead_that_is_not_there_is_not_asked_for() -> None:
    """The first one is shown instead."""
    assert Looking(replace(STRIP, leads={"V1": STRIP.leads["V1"]}), "II").lead == "V1"


@pytest.mark.parametrize("rows", [7, 8, 13, 30])
@pytest.mark.parametrize("lead", STRIP.leads)
def test_a_gain_is_found_with_which_nothing_is_cut(lead: str, rows: int) -> None:
    """The usual one where there is room for it, a smaller one where there is not; never a greater one."""
    looking = Looking(STRIP, lead, with_beats=False)
    found = drawn(looking, rows)

    assert not [row for row in found.rows if "cut" in row.inks]
    assert looking.look.paper.mm_per_mv <= 10
    if rows == 30:
        assert looking.look.paper.mm_per_mv == 10


def test_without_beats_there_is_no_row_for_them() -> None:
    """A row more for the curve."""
    with_row, without = Looking(STRIP), Looking(STRIP, with_beats=False)

    assert "RR ms" in "".join(drawn(with_row, 12).rows[0].chars)
    assert "RR ms" not in "".join("".join(row.chars) for row in drawn(without, 12).rows)
    assert len(drawn(without, 12).rows) == 12
