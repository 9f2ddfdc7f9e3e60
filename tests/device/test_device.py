"""A device as a program sees it, against the fake server over a loopback broker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.device.fake_server import NOW, WARD, stay
from tests.device.wards import NURSE, STAY_1, TestWard, credential, vitals
from tests.waiting import wait_until
from wardlink import topics
from wardlink.clock import SystemClock
from wardlink.device import link_settings
from wardlink.device.status import CallHeard
from wardlink.ids import new_id
from wardlink.link.loopback import LoopbackLink
from wardlink.link.port import Incoming
from wardlink.messages import changes
from wardlink.messages.calls import CallNotice, CancelCall
from wardlink.messages.encounters import PlaceLain
from wardlink.messages.rounds import RoundView
from wardlink.record.rounds import ROUND


class NineDaysAhead(SystemClock):
    """The clock of a machine whose battery was changed."""

    def now(self) -> datetime:
        """Far too late, whatever was learnt before."""
        return super().now() + timedelta(days=9)


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[TestWard]:
    """A running ward without devices."""
    with TestWard(tmp_path) as running:
        yield running


def test_what_is_recorded_reaches_the_server_and_comes_back_confirmed(ward: TestWard) -> None:
    """A recorded set is shown at once as unconfirmed, and as received once the server has it."""
    ward.served.mute = True
    cart = ward.device()
    command = cart.record("vitals.record", vitals(88), actor=NURSE, encounter=STAY_1)

    assert [v.received_at for v in cart.replica.vitals(STAY_1)] == [None]
    assert cart.status().outbox == 1

    ward.served.mute = False
    wait_until(lambda: cart.status().outbox == 0, "the receipt came")
    wait_until(lambda: cart.replica.seq == 1, "the change came")
    [confirmed] = cart.replica.vitals(STAY_1)
    assert confirmed.id == command.id
    assert confirmed.received_at == ward.server.at
    assert cart.replica.latest(STAY_1)["pulse_per_min"].value == 88


def test_offline_everything_works_and_is_sent_later(ward: TestWard) -> None:
    """A cart without a network records, shows, survives a restart, and delivers in order when the network is back."""
    ward.broker.shut()
    ward.server.down = True
    cart = ward.device()
    for pulse in range(60, 70):
        cart.record("vitals.record", vitals(pulse), actor=NURSE, encounter=STAY_1)
    ward.end(cart)
    cart = ward.device()

    assert [v.readings.pulse_per_min for v in cart.replica.vitals(STAY_1)] == list(range(60, 70))
    assert cart.status().offline_since is not None

    ward.broker.open()
    ward.server.down = False
    wait_until(lambda: cart.status().outbox == 0, "everything was delivered")
    assert [c.n for c in ward.server.books.applied] == list(range(1, 11))


def test_a_refusal_stays_until_a_person_has_seen_it(ward: TestWard) -> None:
    """A refused request is shown with its reason over a restart, until somebody acknowledges it."""
    cart = ward.device()
    call = "00000000-0000-7000-8000-0000000000aa"
    command = cart.record("call.cancel", CancelCall(call=call), actor=NURSE, bed="1")
    wait_until(lambda: cart.status().refused == 1, "the refusal came")
    ward.end(cart)
    cart = ward.device()

    [entry] = cart.outbox.refused()
    assert (entry.id, entry.state, entry.reason_en) == (command.id, "refused", "Too late")

    cart.acknowledge_refused(command.id, by=NURSE, note="told the patient")
    assert cart.outbox.entries() == []


def test_only_a_call_that_is_made_now_and_by_its_own_bed_rings(ward: TestWard) -> None:
    """A notice that a broker kept from some other time, or that names another bed than its topic, rings nowhere."""
    cart = ward.device()
    rung: list[str] = []
    cart.subscribe(lambda event: rung.append(event.notice.id) if isinstance(event, CallHeard) else None)
    wait_until(lambda: cart.status().online, "the cart is online")

    def notice(n: int, bed: str) -> bytes:
        made = CallNotice(id=f"00000000-0000-7000-8000-{n:012d}", bed=bed, cls="P2", raised_at=ward.server.at)
        return made.model_dump_json().encode()

    for n, bed, retained in ((1, "b1", True), (2, "b2", False), (3, "b1", False)):
        ward.broker.route(Incoming(topics.calls(WARD, "b1"), notice(n, bed), retained), retain=False)

    wait_until(lambda: rung, "a call rang")
    assert rung == ["00000000-0000-7000-8000-000000000003"]


def test_a_stay_that_comes_from_another_ward_brings_its_past(ward: TestWard) -> None:
    """However short: what was recorded there was never told here, so it is fetched with a snapshot."""
    cart = ward.device()
    wait_until(lambda: cart.replica.log is not None, "the cart is in step")
    elsewhere = PlaceLain(ward="w9", ward_name="9 病区", bed="1", since=NOW)
    moved = stay(4, "4").model_copy(
        update={"places": (elsewhere, PlaceLain(ward=WARD, ward_name="3 病区", bed="4", since=NOW))}
    )
    seen = RoundView(id=new_id(), encounter=moved.id, bed="1", done_at=NOW, by=NURSE, evidence="bed-tag")
    ward.server.books.records[ROUND.name, seen.id] = seen

    told = ward.server.change("encounter.changed", moved, encounter=moved.id)
    ward.served.link.publish(topics.changes(WARD), changes.encode(told))

    wait_until(lambda: cart.replica.records(ROUND, encounter=moved.id) == [seen], "the past has come too")


def test_a_clock_days_off_throws_nothing_away(ward: TestWard) -> None:
    """What is old is known by the server's time only: a machine set wrong keeps what it holds until it has heard it."""
    ward.server.at = SystemClock().now()
    cart = ward.device()
    seen = RoundView(id=new_id(), encounter=STAY_1, bed="1", done_at=ward.server.at, by=NURSE, evidence="bed-tag")
    wait_until(lambda: cart.replica.log is not None, "the cart is in step")
    wait_until(lambda: cart.status().server_alive, "it hears what is told")
    told = ward.server.change(ROUND.change, seen, encounter=STAY_1)
    ward.served.link.publish(topics.changes(WARD), changes.encode(told))
    wait_until(lambda: cart.replica.records(ROUND, encounter=STAY_1) == [seen], "the round is here")
    ward.end(cart)

    ward.server.down, ward.served.mute = True, True
    sent: list[Incoming] = []
    ear = LoopbackLink(ward.broker, link_settings(credential("c9")))
    ear.on_messages = sent.extend
    ear.subscribe([f"{topics.ROOT}/+/up/+"])
    ear.start()
    cart = ward.device(clock=NineDaysAhead())
    cart.record("vitals.record", vitals(60), actor=NURSE, encounter=STAY_1)
    wait_until(lambda: sent, "it was sent, at the end of a turn")
    ear.stop()
    assert cart.replica.records(ROUND, encounter=STAY_1) == [seen]
