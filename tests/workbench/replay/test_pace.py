"""How fast a recording is played."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.replay.pace import due, natural_start, wait_s
from workbench.replay.recording import Recording, Sample

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def recording(*minutes: int) -> Recording:
    """Samples at these minutes."""
    samples = tuple(Sample(timedelta(minutes=m), {"hr_per_min": 60.0 + m}) for m in minutes)
    return Recording("r", "d", timedelta(minutes=1), samples)


@pytest.mark.parametrize(
    ("speed", "elapsed_s", "upto"),
    [(60, 0.0, 1), (60, 0.99, 1), (60, 1.0, 2), (60, 3.5, 4), (60, 99, 5), (1, 59.9, 1), (1, 60.0, 2), (0, 0.0, 5)],
)
def test_samples_become_due_one_after_the_other(speed: float, elapsed_s: float, upto: int) -> None:
    """The first at once, each later one when its time has come; at speed 0 all at once."""
    assert due(recording(0, 1, 2, 3, 4), 0, speed, elapsed_s) == upto


@pytest.mark.parametrize("speed", [0.0, 1.0, 60.0])
def test_nothing_is_measured_in_the_future(speed: float) -> None:
    """When a sample is played its time of measurement is not ahead of the clock; the last one is measured now."""
    played = recording(0, 1, 2, 3, 4)
    start_at = natural_start(played, speed, NOW)

    for index, sample in enumerate(played.samples):
        played_at = NOW + timedelta(seconds=wait_s(played, 0, index, speed, 0.0))
        assert start_at + sample.at <= played_at
    assert start_at + played.duration == NOW + (played.duration / speed if speed else timedelta(0))


@given(
    minutes=st.lists(st.integers(0, 500), min_size=1, max_size=20, unique=True).map(sorted),
    speed=st.floats(0.1, 1000),
    elapsed_s=st.floats(0, 1000),
)
def test_after_the_wait_one_more_is_due(minutes: list[int], speed: float, elapsed_s: float) -> None:
    """Waiting as long as told never ends before the next sample is due, give or take a microsecond."""
    played = recording(*minutes)
    upto = due(played, 0, speed, elapsed_s)

    if upto < len(minutes):
        more_s = wait_s(played, 0, upto, speed, elapsed_s)
        assert due(played, 0, speed, elapsed_s + more_s + 1e-5) > upto
