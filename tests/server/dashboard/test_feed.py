"""One board a ward for all pages: frames hold what changed, silence shows by itself, nothing is missed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from server.dashboard.feed import WardFeed
from server.patients.models import Bed
from tests.server.wards import DESK, STAY_1, SmallWard
from tests.waiting import wait_until
from wardlink import topics
from wardlink.errors import NotFound
from wardlink.link.port import Incoming
from wardlink.messages import status
from wardlink.messages.encounters import Transfer
from wardlink.messages.vitals import StrikeVitals


@pytest.fixture
def feed(ward: SmallWard) -> Iterator[WardFeed]:
    """The feed of ward w1, with Live running."""
    ward.core.live.start()
    found = WardFeed(ward.core, "w1")
    found.open()
    found.frame()
    yield found
    found.close()
    ward.core.live.stop()


def heard(ward: SmallWard, device: str, *, online: bool = True) -> None:
    """A device says how it is."""
    payload = status.encode(status.DeviceStatus(online=online, at=ward.clock.now() if online else None))
    ward.core.fleet.hear(Incoming(topics.status("w1", device), payload))


def framed(feed: WardFeed, bed: str, state: str | None = None) -> dict[str, Any]:
    """The picture of a bed in the next frame that has it; with `state`, in which its pulse is so."""

    def look() -> dict[str, Any] | None:
        frame = feed.frame()
        found: dict[str, Any] | None = None if frame is None else orjson.loads(frame)["tiles"].get(bed)
        return found if found is None or state is None or found["cells"][1]["state"] == state else None

    found = wait_until(look, f"a frame with bed {bed}")
    assert found is not None
    return found


def test_a_frame_holds_the_changed_bed_alone(ward: SmallWard, feed: WardFeed) -> None:
    """Of a thousand beds one is sent."""
    ward.take(ward.cart.vitals(81))

    def look() -> dict[str, Any] | None:
        frame = feed.frame()
        told: dict[str, Any] | None = None if frame is None else orjson.loads(frame)
        return told if told and told["tiles"] else None

    told = wait_until(look, "a frame with a tile")

    assert told is not None
    assert (list(told["tiles"]), "order" in told) == (["b1"], False)
    assert told["tiles"]["b1"]["cells"][1]["value"] == "81"


def test_a_page_that_opens_takes_nothing_from_the_others(ward: SmallWard, feed: WardFeed) -> None:
    """What the newcomer has been shown is still sent to those who look on."""
    ward.take(ward.cart.vitals(81))
    wait_until(lambda: feed.full()["tiles"]["b1"]["state"] == "fresh", "the newcomer sees it")

    frame = feed.frame()

    assert frame is not None
    assert orjson.loads(frame)["tiles"]["b1"]["state"] == "fresh"


def test_a_set_that_is_struck_out_leaves_the_board(ward: SmallWard, feed: WardFeed) -> None:
    """Nothing is left of it in the next frame."""
    found = ward.cart.vitals(81)
    ward.take(found)
    framed(feed, "b1", "fresh")
    ward.take(ward.cart.command("vitals.strike", StrikeVitals(vitals=found.id, reason="wrong patient")))

    assert framed(feed, "b1", "none")["state"] == "unknown"


def test_a_transfer_changes_both_beds(ward: SmallWard, feed: WardFeed) -> None:
    """The left bed is empty and the new one taken."""
    ward.core.execute("encounter.transfer", Transfer(ward="w1", bed="b3"), ward="w1", actor=DESK, encounter=STAY_1)

    framed(feed, "b3")

    beds = feed.full()["tiles"]
    assert (beds["b1"]["state"], beds["b3"]["stay"]) == ("empty", STAY_1)


@pytest.mark.parametrize(("after_s", "online"), [(0.0, True), (10.0, True), (10.1, False)])
def test_a_silent_device_is_shown_as_silent_at_its_bed(
    ward: SmallWard, feed: WardFeed, after_s: float, online: bool
) -> None:
    """Ten seconds without a word, and nothing else has to happen."""
    heard(ward, "t1")
    ward.clock.advance(after_s)

    device = next(d for d in feed.full()["tiles"]["b1"]["devices"] if d["id"] == "t1")

    assert device["online"] is online


def test_a_last_will_is_shown_at_once(ward: SmallWard, feed: WardFeed) -> None:
    """The broker's word is enough."""
    heard(ward, "t1")
    feed.full()
    heard(ward, "t1", online=False)

    assert [d["online"] for d in framed(feed, "b1")["devices"] if d["id"] == "t1"] == [False]


def test_a_device_that_was_never_heard_is_unknown(feed: WardFeed) -> None:
    """Neither online nor silent: nobody knows."""
    assert {d["online"] for d in feed.full()["tiles"]["b1"]["devices"]} == {None}


def test_a_heartbeat_changes_no_picture(ward: SmallWard, feed: WardFeed) -> None:
    """A living device does not have its tile sent every few seconds."""
    heard(ward, "t1")
    feed.frame()
    ward.clock.advance(4)
    heard(ward, "t1")

    frame = feed.frame()

    assert frame is None or orjson.loads(frame)["tiles"] == {}


def test_a_value_grows_old_without_any_change(ward: SmallWard, feed: WardFeed) -> None:
    """The clock alone turns a tile grey."""
    ward.take(ward.cart.vitals(81))
    framed(feed, "b1", "fresh")
    ward.clock.advance(25 * 3600)

    assert framed(feed, "b1")["state"] == "old"


def test_a_new_bed_appears_when_somebody_lies_in_it(ward: SmallWard, feed: WardFeed) -> None:
    """With its label, although beds are not in the change log."""
    with ward.db.write() as conn:
        conn.execute(Bed.__table__.insert().values(ward="w1", id="b5", label="加5", position=5))  # type: ignore[attr-defined]
    ward.admit(5, "b5")

    assert framed(feed, "b5")["label"] == "加5"


def test_a_ward_that_does_not_exist_is_not_opened(ward: SmallWard) -> None:
    """And nobody goes on listening for it."""
    with pytest.raises(NotFound):
        WardFeed(ward.core, "w9").open()

    assert ward.core.on_devices_changed == []


def test_a_frame_comes_although_nothing_changes(feed: WardFeed) -> None:
    """A page that misses it knows that it is cut off."""
    feed.frame()

    frame = wait_until(feed.frame, "the next frame")

    assert frame is not None
    assert orjson.loads(frame)["tiles"] == {}
