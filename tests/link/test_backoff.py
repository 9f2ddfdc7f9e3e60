"""Waiting between two tries."""

from __future__ import annotations

import pytest

from wardlink.link.backoff import Backoff


@pytest.mark.parametrize(("tries", "most_s"), [(0, 0.2), (1, 0.4), (2, 0.8), (5, 5.0), (6, 5.0), (10_000, 5.0)])
def test_the_longest_wait_doubles_up_to_a_bound(tries: int, most_s: float) -> None:
    """With the worst luck the wait doubles from failure to failure, and never passes the bound."""
    assert Backoff().wait_s(tries, lambda: 1.0) == pytest.approx(most_s if most_s < 5 else 5.0)


@pytest.mark.parametrize("tries", [0, 1, 6, 10_000])
def test_no_wait_is_shorter_than_the_least(tries: int) -> None:
    """With the best luck it is still long enough not to be a busy loop."""
    assert Backoff().wait_s(tries, lambda: 0.0) == 0.1


def test_two_devices_do_not_wait_equally_long() -> None:
    """Chance spreads a ward's devices over the whole wait."""
    waits = {round(Backoff().wait_s(6), 2) for _ in range(200)}

    assert len(waits) > 50
    assert all(0.1 <= wait <= 5.0 for wait in waits)
