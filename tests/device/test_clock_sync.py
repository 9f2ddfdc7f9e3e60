"""How a device learns the server's time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.device.clock_sync import KEPT, USABLE_WITHIN_S, ClockSync

SERVER = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
MACHINE = SERVER - timedelta(days=1)


def test_unknown_until_an_answer_came() -> None:
    """Before any answer the offset is unknown, not zero."""
    assert ClockSync().offset_s(MACHINE, 0) is None


def test_a_clock_a_day_off_is_seen() -> None:
    """One quick answer shows a clock that is a whole day behind."""
    clock = ClockSync()
    clock.hear(SERVER, asked_s=100.0, answered_s=100.02)

    assert clock.offset_s(MACHINE, 100.01) == pytest.approx(86_400, abs=0.02)


def test_one_late_message_changes_nothing() -> None:
    """An answer that was under way for seconds weighs less than a quick one before it."""
    clock = ClockSync()
    clock.hear(SERVER, asked_s=100.0, answered_s=100.02)
    clock.hear(SERVER + timedelta(seconds=1), asked_s=101.0, answered_s=105.0)

    assert clock.offset_s(MACHINE + timedelta(seconds=5), 105.0) == pytest.approx(86_400, abs=0.05)


@pytest.mark.parametrize(("took_s", "used"), [(2 * USABLE_WITHIN_S, True), (2 * USABLE_WITHIN_S + 0.1, False)])
def test_what_took_too_long_is_not_used(took_s: float, used: bool) -> None:
    """An answer is used up to a bound of its uncertainty, and not beyond."""
    clock = ClockSync()
    clock.hear(SERVER, asked_s=0.0, answered_s=took_s)

    assert (clock.offset_s(MACHINE, took_s) is not None) is used


def test_a_step_of_the_machines_clock_is_seen_without_a_new_answer() -> None:
    """When somebody sets the machine's clock the offset follows, because the answers are kept against the other."""
    clock = ClockSync()
    clock.hear(SERVER, asked_s=100.0, answered_s=100.0)

    assert clock.offset_s(SERVER + timedelta(seconds=60), 100.0) == pytest.approx(-60)


@given(
    st.floats(-100_000, 100_000),
    st.lists(st.tuples(st.floats(0, 9), st.floats(0, 1), st.floats(0, 30)), min_size=1, max_size=3 * KEPT),
)
def test_the_truth_lies_within_the_uncertainty(offset_s: float, answers: list[tuple[float, float, float]]) -> None:
    """However late the answers are, the estimate is no further off than half the quickest of the kept ones took."""
    clock, now_s = ClockSync(), 1_000.0
    for took_s, share, gap_s in answers:
        read_s = now_s + took_s * share
        clock.hear(SERVER + timedelta(seconds=read_s + offset_s), asked_s=now_s, answered_s=now_s + took_s)
        now_s += took_s + gap_s
    found = clock.offset_s(SERVER + timedelta(seconds=now_s), now_s)

    assert found is not None
    assert abs(found - offset_s) <= max(took_s for took_s, _, _ in answers[-KEPT:]) / 2 + 0.1
