"""Memory is looked through while nobody waits, and not in the middle of what somebody does."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from wardlink.terminal.rubbish import AGAIN_S, QUIET_S, Rubbish


@pytest.fixture
def rubbish() -> Iterator[Rubbish]:
    """The program's own; afterwards Python does as it did before."""
    before = gc.get_threshold()
    gc.disable()
    yield Rubbish()
    gc.enable()
    gc.unfreeze()
    gc.set_threshold(*before)


def looks() -> int:
    """How often everything was looked through so far."""
    found: int = gc.get_stats()[2]["collections"]
    return found


def test_it_waits_for_a_quiet_moment_and_takes_each_once(rubbish: Rubbish) -> None:
    """Not while keys come; once they have stopped; then not before they came again, or a minute has passed."""
    seen = []
    for now_s, touched_s in (
        (10.0, 10.0 - QUIET_S + 0.1),
        (10.0, 10.0 - QUIET_S),
        (11.0, 9.0),
        (10.0 + AGAIN_S, 9.0),
        (100.5, 100.0),
        (101.0, 100.0),
        (102.0, 100.0),
    ):
        before = looks()
        rubbish.look(now_s, touched_s)
        seen.append(looks() - before)

    assert seen == [0, 1, 0, 1, 0, 1, 0]


def test_the_program_itself_is_looked_through_once(rubbish: Rubbish) -> None:
    """What was there at the first quiet moment is set aside for good."""
    rubbish.look(10.0, 0.0)

    assert gc.get_freeze_count() > 1000


def test_python_still_looks_by_itself_but_rarely(rubbish: Rubbish) -> None:
    """A screen that nobody leaves alone for a second must not grow for ever."""
    assert 10 < gc.get_threshold()[2] < 1000
