"""A device as a program sees it, against the fake server over a loopback broker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.device.wards import NURSE, STAY_1, TestWard, vitals
from tests.waiting import wait_until
from wardlink.messages.calls import CancelCall


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
