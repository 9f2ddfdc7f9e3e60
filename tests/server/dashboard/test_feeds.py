"""One feed a ward, however many look: opened by the first, closed a while after the last."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from server.dashboard.feeds import Feeds
from tests.server.wards import SmallWard
from tests.waiting import wait_for
from wardlink.errors import NotFound


@pytest.fixture
async def live(ward: SmallWard) -> AsyncIterator[SmallWard]:
    """The small ward with Live running."""
    ward.core.live.start()
    yield ward
    ward.core.live.stop()


async def test_two_pages_hear_the_same_frames(live: SmallWard) -> None:
    """Drawn once, sent twice."""
    feeds = Feeds(live.core, linger_s=0)
    heard: list[list[bytes]] = [[], []]
    seats = [await feeds.join("w1", frames.append) for frames in heard]
    live.take(live.cart.vitals(81))

    await wait_for(lambda: all(any(b'"81"' in frame for frame in frames) for frames in heard), "both have heard")

    assert next(f for f in heard[0] if b'"81"' in f) == next(f for f in heard[1] if b'"81"' in f)
    assert len(live.core.on_devices_changed) == 1
    for seat in seats:
        seat.leave()
    await wait_for(lambda: live.core.on_devices_changed == [], "nobody listens any more")


async def test_who_has_left_hears_nothing_more(live: SmallWard) -> None:
    """The other one still does."""
    feeds = Feeds(live.core, linger_s=0)
    left: list[bytes] = []
    stays: list[bytes] = []
    leave = (await feeds.join("w1", left.append)).leave
    other = (await feeds.join("w1", stays.append)).leave
    leave()
    before = len(left)
    live.take(live.cart.vitals(81))

    await wait_for(lambda: any(b'"81"' in frame for frame in stays), "the other has heard")

    assert len(left) == before
    other()
    await wait_for(lambda: live.core.on_devices_changed == [], "nobody listens any more")


async def test_a_ward_that_does_not_exist_leaves_nothing_behind(live: SmallWard) -> None:
    """And can be asked for again."""
    feeds = Feeds(live.core, linger_s=0)
    for _again in range(2):
        with pytest.raises(NotFound):
            await feeds.join("w9", lambda _frame: None)

    await wait_for(lambda: live.core.on_devices_changed == [], "nobody listens")
