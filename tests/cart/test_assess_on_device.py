"""Assessments on a real device: kept on its own disk, over a restart, until the server has them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cart.test_real_device import on, synced
from tests.device.wards import STAY_1, ServerOnLink, TestWard
from tests.waiting import wait_for
from wardlink.record.assessments import ASSESSMENT


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[TestWard]:
    """A broker and a server."""
    with TestWard(tmp_path) as found:
        yield found


async def test_an_assessment_without_a_network_outlives_a_restart_and_is_sent_once(ward: TestWard) -> None:
    """It stands on the list at once, marked as unsent, and is weighed again after the restart to the same result."""
    async with on(ward) as (nurse, _device):
        await synced(nurse)
        await nurse.sign_in()
    ward.server.down = True
    ward.served.stop()
    async with on(ward) as (nurse, device):
        await nurse.sign_in()
        await nurse.open("1")
        await nurse.press("a", "enter", "1", "1", "2", "1", "2", "0", "f2", "1")
        await wait_for(lambda: nurse.page == "AssessScreen", "the assessment is saved")
        await nurse.changed()
        assert "*" in nurse.line("跌倒（Morse）", "85")
        assert device.outbox.depth() > 0
    async with on(ward) as (nurse, device):
        (view,) = device.replica.records(ASSESSMENT, encounter=STAY_1)
        assert (view.total, view.band, view.received_at) == (85, "high", None)
    ward.server.down = False
    ward.served = ServerOnLink(ward.server, ward.broker)
    ward.served.start()
    async with on(ward) as (_nurse, device):
        await wait_for(lambda: not device.outbox.depth(), "everything was answered")

        assert [command.kind for command in ward.server.books.applied].count("assessment.record") == 1
