"""A thread that looks again and again: at once or after a while, whatever happens, until it is stopped."""

from __future__ import annotations

import threading

import pytest

from server.ticking import Ticking
from tests.waiting import wait_until
from wardlink.errors import Collision


@pytest.mark.parametrize("fault", [Collision(), RuntimeError("planted")], ids=["refused", "unforeseen"])
def test_a_look_that_fails_is_followed_by_the_next(fault: Exception) -> None:
    """Whatever it fails with."""
    looks: list[int] = []

    def look() -> None:
        looks.append(1)
        raise fault

    ticking = Ticking("test", look, every_s=0.001)
    ticking.start()
    wait_until(lambda: len(looks) > 3, "it looks again")
    ticking.stop()
    stopped_at = len(looks)

    assert ticking.is_stopping
    assert len(looks) == stopped_at


def test_the_first_look_is_at_once_or_after_a_wait() -> None:
    """Stopped meanwhile, the one that waits has never looked."""
    at_once, waited = threading.Event(), threading.Event()
    first = Ticking("first", at_once.set, every_s=3600)
    later = Ticking("later", waited.set, every_s=3600, waits_first=True)
    for ticking in (first, later):
        ticking.start()
    wait_until(at_once.is_set, "the first has looked")
    for ticking in (first, later):
        ticking.stop()

    assert not waited.is_set()


def test_who_never_began_can_be_stopped() -> None:
    """A part that is switched off is stopped like the others."""
    Ticking("never", lambda: None, every_s=1).stop()
