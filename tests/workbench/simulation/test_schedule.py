"""When something happens in the invented ward."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.messages.calls import CallChanged
from workbench.simulation.bodies import Body
from workbench.simulation.schedule import COARSE, answer, presses, rounds, samples

OPENED = datetime(2026, 11, 24, 4, 0, 0, tzinfo=UTC)
LIVE = timedelta(seconds=5)
CALL = "00000000-0000-7000-8000-00000000000c"


def later(seconds: float) -> datetime:
    """So many seconds after the opening."""
    return OPENED + timedelta(seconds=seconds)


def test_a_long_gap_is_filled_coarsely_and_ends_with_a_fresh_sample() -> None:
    """A day before the opening: one in five minutes, and the newest not older than one interval."""
    found = samples(OPENED - timedelta(hours=24), later(3), LIVE)

    assert len(found) == 287 + 1
    assert {interval for _, interval in found[:-1]} == {COARSE}
    assert found[-1] == (OPENED, LIVE)


@given(st.lists(st.floats(0.1, 40), min_size=1, max_size=30))
def test_however_often_it_looks_a_monitor_takes_each_sample_once(pauses: list[float]) -> None:
    """Asked in many small steps or in one, the live samples are the same, in order and without doubles."""
    seen, upto, now = [], OPENED, OPENED
    for pause in pauses:
        now += timedelta(seconds=pause)
        found = samples(upto, now, LIVE)
        seen += [at for at, _ in found]
        upto = found[-1][0] if found else upto

    assert seen == sorted(set(seen))
    if now - OPENED <= COARSE:
        assert seen == [at for at, _ in samples(OPENED, now, LIVE)]


@pytest.mark.parametrize(
    ("level", "story", "times"), [("special", "steady", 24), ("level3", "steady", 2), ("level3", "sepsis", 24)]
)
def test_the_more_care_the_more_rounds(level: str, story: str, times: int) -> None:
    """So many full sets a day, at even distances."""
    found = rounds(Body(1, "A1", story, OPENED), level, OPENED, OPENED + timedelta(days=1))

    assert len(found) == times
    assert {b - a for a, b in pairwise(found)} == {timedelta(days=1) / times}


@given(st.integers(1, 86_399))
def test_rounds_fall_into_one_of_two_windows(seconds: int) -> None:
    """Asked in two steps, nothing is taken twice and nothing is left out."""
    body, end = Body(1, "A1", "steady", OPENED), later(86_400)

    whole = rounds(body, "level1", OPENED, end)

    assert whole == rounds(body, "level1", OPENED, later(seconds)) + rounds(body, "level1", later(seconds), end)


@given(st.integers(1, 3_599))
def test_calls_fall_into_one_of_two_windows(seconds: int) -> None:
    """Asked in two steps, nobody presses twice and nobody is forgotten."""
    beds = ("5", "12")

    whole = presses(1, beds, OPENED, later(3_600))

    assert whole == presses(1, beds, OPENED, later(seconds)) + presses(1, beds, later(seconds), later(3_600))
    assert 5 <= len(whole) <= 36
    assert {press.bed for press in whole} <= set(beds)


def test_without_terminals_nobody_calls() -> None:
    """A ward without simulated terminals is quiet."""
    assert presses(1, (), OPENED, later(3_600)) == []


def call(**at: Any) -> CallChanged:
    """A call that was raised at the opening."""
    return CallChanged(id=CALL, bed="5", cls="P2", raised_at=OPENED, **at)


@pytest.mark.parametrize(
    ("state", "since", "kind"),
    [
        ("raised", {}, "call.acknowledge"),
        ("acknowledged", {"acknowledged_at": OPENED}, "call.arrive"),
        ("arrived", {"arrived_at": OPENED}, "call.resolve"),
    ],
)
def test_a_call_is_answered_step_by_step(state: str, since: dict[str, datetime], kind: str) -> None:
    """Not at once; in the end the next step; with more patience later."""
    found = call(state=state, **since)

    assert answer(found, later(1), 1) is None
    assert answer(found, later(300), 1)[0] == kind  # type: ignore[index]
    assert answer(found, later(61), 1, patience=10) is None


@pytest.mark.parametrize("state", ["resolved", "cancelled"])
def test_what_is_over_is_left_alone(state: str) -> None:
    """Nobody answers a call that is closed."""
    assert answer(call(state=state), later(9_999), 1) is None
