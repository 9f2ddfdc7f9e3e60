"""The presence code on the terminal: decoded from what is drawn, new every minute, gone by itself."""

from __future__ import annotations

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from bedside.screens.presence import STAYS_S
from bedside.widgets.code import Code, half_blocks, modules_of
from tests.bedside.screens import DESIGN, EVEN, SIZES, SMALL, Hand, bedside
from wardlink.codes.kinds import Presence
from wardlink.codes.presence import is_present, presence_key
from wardlink.codes.reading import read_code

_ROWS = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}


def scanned(lines: list[str]) -> str:
    """What a scanner reads off these half blocks."""
    rows: list[list[int]] = []
    for line in lines:
        rows += [[_ROWS[char][half] for char in line] for half in (0, 1)]
    picture = np.kron(255 - 255 * np.array(rows, dtype=np.uint8), np.ones((6, 6), dtype=np.uint8))
    (code,) = zxingcpp.read_barcodes(np.ascontiguousarray(np.pad(picture, 24, constant_values=255)))
    return code.text


def shown(hand: Hand) -> str:
    """What stands on the screen, as a scanner reads it."""
    code = hand.app.screen.query_one(Code)
    assert code.display
    return scanned([code.render_line(y).text for y in range(code.size.height)])


@given(st.text(alphabet="0123456789ABCDEFGHJKMNPQRSTVWXYZ.", min_size=1, max_size=110))
def test_half_blocks_are_read_as_the_code_they_draw(text: str) -> None:
    """Whatever its size: an odd number of rows too."""
    assert scanned(half_blocks(modules_of(text))) == text


@pytest.mark.parametrize("size", SIZES)
async def test_a_nurse_scans_who_lies_here_now(size: tuple[int, int]) -> None:
    """Without a login, naming nobody in words; another code every minute."""
    async with bedside(size) as hand:
        await hand.tap("presence-below" if size == SMALL else "presence")
        first = read_code(shown(hand))
        await hand.pass_time(60)
        second = read_code(shown(hand))
        board = hand.terminal.replica

        assert isinstance(first, Presence)
        assert isinstance(second, Presence)
        assert board.log is not None
        assert board.stay is not None
        assert first.encounter == second.encounter == board.stay.id
        assert second.step == first.step + 1
        assert is_present(presence_key(board.log), second, hand.clock.now())
        assert board.stay.name not in hand.text()


async def test_where_it_does_not_fit_there_is_none() -> None:
    """A part of a code is no code, also when the screen shrinks below the smallest layout."""
    async with bedside(EVEN) as hand:
        await hand.tap("presence")
        await hand.pilot.resize_terminal(60, 18)
        await hand.settle()

        assert not hand.app.screen.query_one(Code).display
        assert "腕带" in hand.text()


async def test_it_goes_by_itself() -> None:
    """The locked page comes back."""
    async with bedside(DESIGN) as hand:
        await hand.tap("presence")
        await hand.pass_time(0)
        await hand.pass_time(STAYS_S)

        assert hand.page == "LockedScreen"


async def test_an_empty_bed_has_no_code() -> None:
    """It says so."""
    async with bedside(DESIGN) as hand:
        hand.terminal.replica.stay = None
        await hand.tap("presence")

        assert not hand.app.screen.query_one(Code).display
        assert "没有登记患者" in hand.text()
