"""Rounds are due by the level of care."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.record.due.facts import MIN, NOW, a_round, facts, stay
from wardlink.record.due.rounds import rounds


@pytest.mark.parametrize(("level", "interval", "grace"), [("level1", 60, 15), ("level2", 120, 20), ("level3", 180, 20)])
def test_the_level_says_how_often(level: str, interval: int, grace: int) -> None:
    """On time to the last instant of the grace, and overdue a moment later."""
    last = a_round(NOW)

    (due,) = rounds(facts(stay(level=level), last), NOW)

    late_at = NOW + (interval + grace) * MIN
    assert (due.due_at, due.closes_at, due.why) == (NOW + interval * MIN, late_at, last.id)
    assert not due.is_overdue(late_at)
    assert due.overdue_since(late_at + timedelta(microseconds=1)) == late_at


def test_a_nurse_who_stays_makes_no_rounds() -> None:
    """Special care is continuous."""
    assert rounds(facts(stay(level="special")), NOW) == []


def test_the_first_round_counts_from_the_admission() -> None:
    """Nobody has been there yet; a round that was struck out does not count."""
    here = stay(admitted_at=NOW)

    (due,) = rounds(facts(here, a_round(NOW + MIN, struck=True)), NOW)

    assert (due.due_at, due.why) == (NOW + 120 * MIN, None)


@given(st.lists(st.integers(0, 1440), min_size=1, max_size=8), st.randoms())
def test_the_newest_round_counts_whatever_the_order(minutes: list[int], random: object) -> None:
    """Rounds of two carts may arrive in any order."""
    done = [a_round(NOW + n * MIN) for n in minutes]
    random.shuffle(done)  # type: ignore[attr-defined]

    (due,) = rounds(facts(stay(), *done), NOW)

    assert due.due_at == NOW + (max(minutes) + 120) * MIN
