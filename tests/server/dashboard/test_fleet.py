"""The list of devices: what each says of itself, and what its silence says."""

from __future__ import annotations

from typing import Any

import pytest

from server.dashboard.sheet import Row
from server.dashboard.sheets import fleet
from tests.server.wards import SmallWard
from wardlink import topics
from wardlink.i18n import speaking
from wardlink.link.port import Incoming
from wardlink.messages import status


def heard(ward: SmallWard, device: str, **said: Any) -> None:
    """A device says how it is."""
    told = status.DeviceStatus(online=said.pop("online", True), at=ward.clock.now(), **said)
    ward.core.fleet.hear(Incoming(topics.status("w1", device), status.encode(told)))


def row(ward: SmallWard, device: str) -> Row:
    """The line of a device, in English."""
    with speaking("en"):
        return next(r for r in fleet.sheet(ward.core, ["w1"]).rows if r.key == device)


def test_devices_of_other_wards_are_not_listed(ward: SmallWard) -> None:
    """Each ward sees its own."""
    assert {r.key for r in fleet.sheet(ward.core, ["w1"]).rows} == {"c1", "c2", "m1", "t1", "t2"}


@pytest.mark.parametrize(("after_s", "state"), [(10.0, "online"), (10.1, "silent")])
def test_a_device_is_silent_after_ten_seconds(ward: SmallWard, after_s: float, state: str) -> None:
    """At the bound it still counts as alive."""
    heard(ward, "c1")
    ward.clock.advance(after_s)

    assert row(ward, "c1").cells["state"].text == state


def test_a_device_never_heard_says_so(ward: SmallWard) -> None:
    """It is not called silent, and has no numbers."""
    found = row(ward, "c1")

    assert (found.cells["state"].text, found.cells["heard"].text) == ("not heard yet", "never")
    assert {found.cells[name].text for name in ("outbox", "drift", "behind", "version")} == {"—"}


def test_what_a_cart_still_holds_stands_out(ward: SmallWard) -> None:
    """Unsent, refused, a clock that is off, and changes that it has not got."""
    with ward.db.read() as conn:
        head = ward.core.head_of(conn, "w1")
    heard(ward, "c1", outbox=3, refused=0, clock_offset_s=-2.5, seq=head - 1)

    cells = row(ward, "c1").cells

    assert [(cells[n].text, cells[n].cls) for n in ("outbox", "refused", "drift", "behind")] == [
        ("3", "warm"),
        ("0", ""),
        ("-2.5", "warm"),
        ("1", ""),
    ]


@pytest.mark.parametrize(("offset_s", "text"), [(0.04, "0.0"), (-0.04, "0.0"), (0.06, "+0.1"), (None, "—")])
def test_a_clock_that_is_right_has_no_sign(ward: SmallWard, offset_s: float | None, text: str) -> None:
    """Minus nothing is nothing."""
    heard(ward, "c1", clock_offset_s=offset_s)

    assert row(ward, "c1").cells["drift"].text == text


def test_a_terminal_is_not_called_behind(ward: SmallWard) -> None:
    """It hears of its own bed alone."""
    heard(ward, "t1", seq=1)

    assert row(ward, "t1").cells["behind"].text == "—"
