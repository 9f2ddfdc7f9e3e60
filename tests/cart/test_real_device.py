"""The cart on a real device: its own disk, a broker and a server that come and go."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cart.nurse import SMALL, Nurse, cart
from tests.device.fake_server import NOW, NURSE
from tests.device.wards import STAY_1, ServerOnLink, TestWard, credential, vitals
from tests.waiting import wait_for
from wardlink.clock import FixedClock
from wardlink.device import Device
from wardlink.errors import StoreFailed
from wardlink.messages.base import Actor
from wardlink.messages.calls import CancelCall


class Clock(FixedClock):
    """The ward's time, as far as a test lets it pass; a device may learn an offset."""

    offset_s = 0.0


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[TestWard]:
    """A broker and a server."""
    with TestWard(tmp_path) as found:
        yield found


@asynccontextmanager
async def on(ward: TestWard, clock: Clock | None = None) -> AsyncIterator[tuple[Nurse, Device]]:
    """The program on the one cart of `ward`; its folder outlives it."""
    device = ward.device(clock=clock or Clock(NOW), start=False)  # type: ignore[arg-type]
    ward._running.remove(device)  # The program stops it.
    async with cart(SMALL, ward=lambda: device) as nurse:
        yield nurse, device


async def synced(nurse: Nurse) -> None:
    """The ward has come."""
    desk = nurse.app.desk
    assert desk is not None
    await wait_for(lambda: desk.ward.replica.ward_name == "3 病区", "the snapshot came")
    await wait_for(lambda: desk.ward.status().server_alive, "the server was heard")
    await nurse.changed()


async def save_set(nurse: Nurse, temp: str = "36.8") -> None:
    """The least set for the patient in bed 1."""
    await nurse.open("1")
    await nurse.press("v")
    await wait_for(lambda: nurse.page == "VitalsScreen" and nurse.form.exam() is not None, "the form is open")
    await nurse.typed(temp, "f2", "1")
    await wait_for(lambda: nurse.page == "PatientScreen", "the set is saved")


async def test_a_set_reaches_the_server_and_its_row_says_so(ward: TestWard) -> None:
    """From the keys to the receipt."""
    async with on(ward) as (nurse, device):
        await synced(nurse)
        await nurse.sign_in()
        await save_set(nurse)
        await wait_for(lambda: not device.outbox.depth(), "everything was answered")
        await nurse.changed()

        assert [c.kind for c in ward.server.books.applied].count("vitals.record") == 1
        assert "已送达" in nurse.line("36.8", "已送达")
        assert "待发 0" in nurse.text().splitlines()[0]


async def test_in_a_dead_zone_everything_is_kept_and_sent_later(ward: TestWard) -> None:
    """Signed in by memory, saved on the disk, kept over a restart, delivered when the ward is back."""
    async with on(ward) as (nurse, _device):
        await synced(nurse)
        await nurse.sign_in()
    ward.server.down = True
    ward.served.stop()
    async with on(ward) as (nurse, device):
        await nurse.sign_in()
        assert nurse.page == "WardScreen"
        assert "·离线）" in nurse.text().splitlines()[0]
        await save_set(nurse, "38.4")
        depth = device.outbox.depth()
        assert depth > 0
        await nurse.changed()
        assert f"待发 {depth}" in nurse.text().splitlines()[0]
        assert "待发" in nurse.line("38.4", "待发")
        await nurse.press("escape", "u")
        assert "生命体征" in nurse.text()
    ward.server.down = False
    ward.served = ServerOnLink(ward.server, ward.broker)
    ward.served.start()
    async with on(ward) as (nurse, device):
        await wait_for(lambda: not device.outbox.depth(), "everything was answered")
        await nurse.changed()

        assert [c.kind for c in ward.server.books.applied].count("vitals.record") == 1
        assert "待发 0" in nurse.text().splitlines()[0]


@pytest.mark.parametrize(("hours", "page"), [(12, "WardScreen"), (12.01, "SignInScreen")])
async def test_offline_sign_in_ends_after_twelve_hours(ward: TestWard, hours: float, page: str) -> None:
    """At the bound, and a minute beyond; the page says why."""
    clock = Clock(NOW)
    async with on(ward, clock) as (nurse, _device):
        await synced(nurse)
        await nurse.sign_in()
        await nurse.press("f12")
        ward.server.down = True
        ward.served.stop()
        clock.advance(timedelta(hours=hours).total_seconds())
        await nurse.sign_in()

        assert nurse.page == page
        if page == "SignInScreen":
            assert "未能登录" in nurse.text()


async def test_wrong_pins_offline_are_slowed(ward: TestWard) -> None:
    """The sixth try is not even looked at; waiting helps."""
    clock = Clock(NOW)
    async with on(ward, clock) as (nurse, _device):
        await synced(nurse)
        await nurse.sign_in()
        await nurse.press("f12")
        ward.server.down = True
        for _ in range(5):
            await nurse.sign_in(pin="0000")
            assert nurse.page == "SignInScreen"
            await nurse.press("shift+tab")
        await nurse.sign_in()
        assert nurse.page == "SignInScreen"
        clock.advance(3600)
        await nurse.typed("2580", "enter")

        assert nurse.page == "WardScreen"


async def test_saved_is_never_said_of_what_is_not_on_the_disk(ward: TestWard) -> None:
    """The disk goes while the form is open: the form stays, with all that was typed."""
    async with on(ward) as (nurse, device):
        await synced(nurse)
        await nurse.sign_in()
        await nurse.open("1")
        await nurse.press("v")
        await wait_for(lambda: nurse.page == "VitalsScreen" and nurse.form.exam() is not None, "the form is open")
        await nurse.typed("36.8")
        fail = StoreFailed(detail="gone")

        def broken(*_: object, **__: object) -> None:
            raise fail

        device._journal.record = broken  # type: ignore[method-assign, assignment]
        await nurse.press("f2", "1")

        assert nurse.page == "VitalsScreen"
        assert nurse.draft.texts["temp_c"] == "36.8"
        assert fail.text() in nurse.notes()


async def test_a_refused_command_stays_until_a_person_deals_with_it(ward: TestWard) -> None:
    """Over a restart too; the status line counts it."""
    async with on(ward) as (nurse, device):
        await synced(nurse)
        actor = Actor(kind="staff", id=NURSE.id)
        refused = device.record("call.cancel", CancelCall(call="00000000-0000-7000-8000-00000000cccc"), actor=actor)
        await wait_for(lambda: device.outbox.trouble() == 1, "the server refused")
    async with on(ward) as (nurse, device):
        await synced(nurse)
        await nurse.sign_in()
        assert "拒收 1" in nurse.text().splitlines()[0]
        await nurse.press("u")
        assert "太晚了" in nurse.line("拒收", "太晚了")
        await nurse.press("enter", "escape")
        assert device.outbox.trouble() == 1
        await nurse.press("enter", "2")
        await wait_for(lambda: device.outbox.trouble() == 0, "it was dealt with")
        await nurse.changed()

        assert refused.id not in {entry.id for entry in device.outbox.entries()}
        assert "拒收 1" not in nurse.text().splitlines()[0]


async def test_a_set_from_another_cart_appears_by_itself(ward: TestWard) -> None:
    """Without a key."""
    other = ward.device(credential("c9"))
    async with on(ward) as (nurse, _device):
        await synced(nurse)
        await nurse.sign_in()
        assert "39.1" not in nurse.text()
        other.record(
            "vitals.record",
            vitals(temp_c=39.1, temp_method="oral"),
            actor=Actor(kind="staff", id=NURSE.id),
            encounter=STAY_1,
        )
        await wait_for(lambda: "39.1" in nurse.text(), "the other set is in the ward list")
