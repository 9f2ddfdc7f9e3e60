"""Chance that can be asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from workbench.simulation.noise import chance, wander

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@given(st.integers(), st.text(max_size=20))
def test_chance_belongs_to_its_seed_and_name(seed: int, name: str) -> None:
    """The same question has the same answer, between 0 and 1."""
    assert 0 <= chance(seed, name) < 1
    assert chance(seed, name) == chance(seed, name)


def test_another_seed_or_name_gives_another_number() -> None:
    """Seeds and names do not share their numbers."""
    numbers = {chance(seed, name) for seed in range(20) for name in ("a", "b", "c")}

    assert len(numbers) == 60


@given(st.floats(0, 10**8, allow_nan=False))
def test_a_walk_stays_within_its_bounds_and_moves_in_small_steps(seconds: float) -> None:
    """Within -1 and 1, and a second later nearly where it was."""
    at = NOON + timedelta(seconds=seconds)

    here, next_ = wander(1, "x", at, 600), wander(1, "x", at + timedelta(seconds=1), 600)

    assert -1 <= here <= 1
    assert abs(next_ - here) < 0.05


def test_a_walk_goes_somewhere() -> None:
    """Over a day it is high and low, and about 0 in the mean."""
    day = [wander(7, "x", NOON + timedelta(minutes=m), 3600) for m in range(1440)]

    assert max(day) > 0.4
    assert min(day) < -0.4
    assert abs(sum(day) / len(day)) < 0.25
