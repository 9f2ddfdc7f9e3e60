"""A device, a broker, the server as it is run, and the board: what is recorded arrives, and silence shows."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.servers import MANAGER, NURSE, RealServer
from tests.browser.visitor import Browsing, Window
from tests.waiting import wait_until
from wardlink import credential
from wardlink.clinical.vitals import VitalSet
from wardlink.device import Device
from wardlink.messages.base import Actor
from wardlink.messages.vitals import RecordVitals
from wardlink.process.child import Child


@pytest.fixture
def window(real: RealServer, browsing: Browsing) -> Window:
    """The board of ward w3, signed in as its manager."""
    found = browsing.window(real.url)
    found.sign_in(MANAGER)
    found.wait("the tiles are there", lambda: found.page.locator(".tile").count() >= 12)
    return found


@pytest.fixture
def cart(real: RealServer, tmp_path: Path) -> Iterator[Device]:
    """The cart of the ward, connected."""
    device = Device(tmp_path / "c1", real.credential("c1"))
    device.start()
    try:
        wait_until(lambda: device.status().online, "the cart is online", timeout_s=20)
        yield device
    finally:
        device.stop()


def test_a_value_recorded_on_a_cart_is_on_the_board(real: RealServer, window: Window, cart: Device) -> None:
    """Without reload, and equal to what was recorded."""
    body = RecordVitals(readings=VitalSet(temp_c=36.7, pulse_per_min=81.0, sbp_mmhg=131.0, dbp_mmhg=84.0))
    nurse = Actor(kind="staff", id=NURSE.id)

    cart.record("vitals.record", body, actor=nurse, encounter=real.built.stays["1"], bed="1")

    window.wait("the pulse of bed 1", lambda: window.value("1", "pulse") == "81")
    assert [window.value("1", cell) for cell in ("temp", "pulse", "bp", "resp")] == ["36.7", "81", "131/84", "—"]


def test_a_killed_device_is_shown_as_silent(real: RealServer, window: Window, cart: Device, tmp_path: Path) -> None:
    """Its bed's tile is grey and says so, and so does the list of devices."""
    values = RecordVitals(readings=VitalSet(pulse_per_min=64.0))
    nurse = Actor(kind="staff", id=NURSE.id)
    cart.record("vitals.record", values, actor=nurse, encounter=real.built.stays["2"], bed="2")
    path = tmp_path / "m2.json"
    credential.write(real.credential("m2"), path)
    program = [sys.executable, "-m", "tests.browser.monitor", str(path), str(tmp_path / "m2")]
    monitor = Child("monitor", program, log=tmp_path / "monitor.log")
    monitor.start()
    chip = window.page.locator('[data-device="m2"]')
    try:
        window.wait("the monitor is online", lambda: "在线" in chip.inner_text(), timeout_s=40)
        monitor.kill()
        window.wait("the monitor is silent", lambda: "失联" in chip.inner_text())
        tile = window.page.locator(".tile.is-silent").filter(has=chip)
        assert "本床有设备失联" in tile.inner_text()
    finally:
        monitor.kill()

    window.go("/board/fleet")
    window.wait("silent in the list", lambda: "失联" in window.page.locator('[data-key="m2"]').inner_text())


def test_the_board_says_when_the_server_is_gone(real: RealServer, window: Window) -> None:
    """Killed without a goodbye: the page greys itself within seconds, and is live again when the server is."""
    real.child.kill()

    window.wait("the page says so", lambda: window.page.locator(".lost-banner").count() == 1)

    assert window.state("5") == "lost"
    real.child.start()
    window.wait("live again", lambda: _live(window), timeout_s=60)


def _live(window: Window) -> bool:
    if window.page.locator(".tile").count() < 12 or window.page.locator(".lost-banner").count():
        return False
    return window.state("5") == "empty"
