"""The table of the wards by push: what was told moves its line, and who works in one ward hears of no other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from server.dashboard.hospital import feed as feeds
from server.dashboard.hospital.feed import HospitalFeed, Seen
from tests.server.wards import SmallWard
from tests.waiting import wait_until


@pytest.fixture
def live(ward: SmallWard, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallWard]:
    """The small ward with Live running; nothing is read again unless something was told."""
    monkeypatch.setattr(feeds, "READ_AGAIN_S", 0.0)
    monkeypatch.setattr(feeds, "READ_EVERY_S", 3600.0)
    ward.core.live.start()
    yield ward
    ward.core.live.stop()


def opened(ward: SmallWard, *wards: str, language: str = "en") -> HospitalFeed:
    """A feed of these wards."""
    found = HospitalFeed(ward.core, Seen(language, "need", wards).key())
    found.open()
    return found


def test_a_new_patient_moves_the_line_of_the_ward(live: SmallWard) -> None:
    """Beds of it and of all; the other ward's line is not sent again."""
    found = opened(live, "w1", "w2")
    before = found.full()["rows"]
    found.frame()
    live.admit(7, "b3")

    def look() -> dict[str, Any] | None:
        frame = found.frame()
        rows: dict[str, Any] = {} if frame is None else orjson.loads(frame)["rows"]
        return rows if "w1" in rows else None

    rows = wait_until(look, "the ward's line")
    assert rows is not None
    assert set(rows) == {"w1", "total"}
    taken = [int(row["cells"]["beds"]["text"].split()[0]) for row in (before["w1"], rows["w1"])]
    assert taken[1] == taken[0] + 1
    found.close()


def test_nobody_hears_of_a_ward_that_is_not_theirs(live: SmallWard) -> None:
    """Neither in the picture to begin with nor in the sum; in the language of the one who looks."""
    found = opened(live, "w1", language="zh_CN")

    rows = found.full()["rows"]

    assert set(rows) == {"w1", "total"}
    assert rows["total"]["cells"]["ward"]["text"] == "合计（1 个病区）"
    found.close()
    assert live.core.on_devices_changed == []


def test_what_is_seen_is_its_own_key() -> None:
    """Nothing is lost on the way, no ward at all neither."""
    for seen in (Seen("en", "ward", ("a", "b-2")), Seen("zh_CN", "need", ())):
        assert Seen.of(seen.key()) == seen
