"""A program on a terminal, watched from the outside."""

from __future__ import annotations

import sys

import pytest

from wardlink.errors import Unreachable
from workbench.bench.watched import COLUMNS, LINES, Watched, cells


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("ward 3", (6, 5)),
        ("\x1b[1;31mred\x1b[0m", (3, 3)),
        ("\x1b]0;title\x07x\x1b\\", (1, 1)),
        ("病区 12\r\n", (7, 4)),
        ("\x1b[?1049h\x1b[2J\x1b(B", (0, 0)),
    ],
)
def test_only_what_is_seen_counts(output: str, expected: tuple[int, int]) -> None:
    """Control sequences take no cell, a Chinese character takes two."""
    assert cells(output) == expected


def python(code: str) -> list[str]:
    """A program of one line."""
    return [sys.executable, "-c", f"import sys, tty, time; tty.setraw(0); w = sys.stdout; {code}"]


def test_the_first_paint_is_a_full_screen_with_words() -> None:
    """Control sequences alone, or a screen without words, are no picture."""
    full = f"w.write('\\x1b[2J' + ' ' * {COLUMNS * LINES}); w.flush(); sys.stdin.read(1); "
    with Watched("words", python(full + "w.write('ready now'); w.flush(); sys.stdin.read(1)"), {}) as watched:
        with pytest.raises(Unreachable):
            watched.first_paint_s(letters=8, timeout_s=1.0)
        watched.key_to_paint_s(b"k")

        assert watched.rss_mb() > 1


def test_a_key_that_changes_nothing_is_no_answer() -> None:
    """It is said, not measured."""
    with Watched("silent", python("sys.stdin.read(1); time.sleep(5)"), {}) as watched, pytest.raises(Unreachable):
        watched.key_to_paint_s(b"k", timeout_s=0.3)
