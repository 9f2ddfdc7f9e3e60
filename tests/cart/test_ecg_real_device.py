"""ECG strips on a real device: they come as changes, are read without a network, and let go of when there are more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cart.test_real_device import on, synced
from tests.device.fake_server import NOW, WARD
from tests.device.wards import STAY_1, ServerOnLink, TestWard
from tests.waiting import wait_for
from wardlink import topics
from wardlink.clinical.ecg.sample import sample_strip
from wardlink.clinical.ecg.strip import Strip
from wardlink.ids import new_id
from wardlink.messages import changes
from wardlink.messages.ecg import EcgView
from wardlink.record.ecg import ECG, ECG_PART, STRIPS_KEPT, digest_of, parts_of

WHOLE, PEAKS = sample_strip(NOW - timedelta(hours=1))


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[TestWard]:
    """A broker and a server."""
    with TestWard(tmp_path) as found:
        yield found


def tell(ward: TestWard, minutes_ago: int) -> EcgView:
    """The server tells of a strip of the patient in bed 1: its parts, then the strip."""
    taken_at = NOW - timedelta(minutes=minutes_ago)
    strip = Strip(taken_at, WHOLE.rate_hz, WHOLE.uv_per_unit, {"II": WHOLE.leads["II"]})
    view = EcgView(
        id=new_id(),
        encounter=STAY_1,
        bed="1",
        taken_at=taken_at,
        source="room",
        leads=("II",),
        rate_hz=strip.rate_hz,
        uv_per_unit=strip.uv_per_unit,
        length=strip.length,
        digest=digest_of(strip),
        beats=PEAKS,
        beats_lead="II",
        beats_by="server",
    )
    ward.server.books.records["ecg", view.id] = view
    told = [(ECG_PART.change, part) for part in parts_of(view.id, strip, encounter=STAY_1, bed="1")]
    for kind, body in (*told, (ECG.change, view)):
        found = ward.server.change(kind, body, encounter=STAY_1, bed="1")
        ward.served.link.publish(topics.changes(WARD), changes.encode(found))
    return view


async def test_a_strip_is_read_without_a_network(ward: TestWard) -> None:
    """It came while there was one; that it was read is kept and sent later."""
    async with on(ward) as (nurse, device):
        await synced(nurse)
        view = tell(ward, 5)
        await wait_for(lambda: device.replica.record(ECG, view.id), "the strip is on the cart")
        await nurse.sign_in()
        ward.server.down = True
        ward.served.stop()
        await nurse.open("1")
        await nurse.press("e", "enter")
        await wait_for(lambda: "RR ms" in nurse.text(), "the curve is drawn")
        await nurse.press("s")
        assert view.id in device.replica.unsent_records(ECG)
        assert "已阅" in nurse.line("心电检查室")
        ward.server.down = False
        ward.served = ServerOnLink(ward.server, ward.broker)
        ward.served.start()
        await wait_for(lambda: not device.outbox.depth(), "everything was answered")
        await nurse.changed()

        assert "ecg.see" in [c.kind for c in ward.server.books.applied]
        assert device.replica.unsent_records(ECG) == frozenset()


async def test_the_newest_strips_are_held_whole_and_older_ones_known(ward: TestWard) -> None:
    """Five of a stay, also if an old one comes last; the others say in words that their curve is not here."""
    async with on(ward) as (nurse, device):
        await synced(nurse)
        told = [tell(ward, minutes) for minutes in (60, 50, 40, 30, 20, 10, 55)]
        await wait_for(lambda: device.replica.record(ECG, told[-1].id), "the last strip is on the cart")
        held = {part.strip for part in device.replica.records(ECG_PART, encounter=STAY_1)}
        await nurse.sign_in()
        await nurse.open("1")
        await nurse.press("e")
        assert len(nurse.grid("strips")._lines) == len(told)
        await nurse.press("end", "enter")

        assert held == {view.id for view in told[6 - STRIPS_KEPT : 6]}
        assert "没有这份心电图的波形" in nurse.text()
