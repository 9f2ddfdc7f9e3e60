"""What is told after the commit: to carts all of their ward, to a terminal its own bed, without a hole nobody sees."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from server.live import Live
from tests.server.wards import STAY_1, STAY_2, SmallWard, Speaker
from wardlink import topics
from wardlink.messages.changes import ChangeRange, decode_range

BED_1 = topics.bed_changes("w1", "b1")
WARD = topics.changes("w1")


class Wire:
    """What went out, by topic. The next `failing` sends fail."""

    def __init__(self, ward: SmallWard) -> None:
        self.sent: list[tuple[str, bytes]] = []
        self.failing = 0
        self.ward = ward
        self.live = Live(self.send, ward.core.terminal_beds)
        ward.core.live = ward.core.ingest.live = self.live

    def send(self, messages: Sequence[tuple[str, bytes]]) -> None:
        """Take messages, or fail."""
        if self.failing:
            self.failing -= 1
            raise RuntimeError("the wire is gone")
        self.sent.extend(messages)

    def told(self, topic: str) -> list[ChangeRange]:
        """Everything that was told under this topic, once all of it was."""
        self.live.start()
        self.live.stop()
        return [decode_range(payload) for sent, payload in self.sent if sent == topic]


@pytest.fixture
def wire(ward: SmallWard) -> Wire:
    """Live on a wire that can be cut."""
    return Wire(ward)


def say(ward: SmallWard, device: Speaker, *stays: str) -> None:
    """A set for each of these stays, each in a batch of its own."""
    for stay in stays:
        ward.take(device.vitals(70, encounter=stay))


def test_ranges_follow_each_other(wire: Wire) -> None:
    """Each begins where the one before has ended."""
    say(wire.ward, wire.ward.cart, STAY_1, STAY_2, STAY_1)

    ranges = wire.told(WARD)

    assert [(r.after, r.upto) for r in ranges] == [(2, 3), (3, 4), (4, 5)]
    assert [change.seq for r in ranges for change in r.changes] == [3, 4, 5]


def test_a_terminal_hears_its_own_bed_only(wire: Wire) -> None:
    """And stands, after each, where the ward stood: the numbers of others make no gap."""
    say(wire.ward, wire.ward.cart, STAY_1, STAY_2, STAY_2, STAY_1)

    ranges = wire.told(BED_1)

    assert [(r.after, r.upto) for r in ranges] == [(2, 3), (3, 6)]
    assert {change.encounter for r in ranges for change in r.changes} == {STAY_1}


def test_after_a_failed_send_a_terminal_sees_a_gap(wire: Wire) -> None:
    """What it missed lies before `after`: it fetches instead of going on without."""
    say(wire.ward, wire.ward.cart, STAY_1)
    say(wire.ward, wire.ward.cart, STAY_1, STAY_1)
    wire.failing = 1

    first, second = wire.told(BED_1)

    assert (first.after, second.after) == (3, 4)


def test_many_changes_are_cut_into_messages_that_every_broker_carries(wire: Wire) -> None:
    """For carts and for a terminal: none over 64 KiB, and nothing between them is missing."""
    ward = wire.ward
    note = {"readings": {"pulse_per_min": 70}, "note": "咳" * 200}
    ward.take(*[ward.cart.command("vitals.record", note, encounter=STAY_1) for _ in range(300)])

    for topic in (WARD, BED_1):
        ranges = wire.told(topic) if topic == WARD else [decode_range(p) for t, p in wire.sent if t == topic]
        assert len(ranges) > 1
        assert [r.after for r in ranges] == [2, *(r.upto for r in ranges[:-1])]
        assert [change.seq for r in ranges for change in r.changes] == list(range(3, 303))
    assert max(len(payload) for _, payload in wire.sent) < 64 * 1024


def test_a_listener_that_fails_silences_nobody(wire: Wire) -> None:
    """The others hear it, and so does the wire."""
    heard: list[int] = []
    wire.live.subscribe("w1", lambda found: heard.append(1 // 0))
    wire.live.subscribe("w1", lambda found: heard.append(found.upto))
    say(wire.ward, wire.ward.cart, STAY_1, STAY_1)

    assert len(wire.told(WARD)) == 2
    assert heard == [3, 4]
