"""A snapshot: the ward as it is, or one bed of it, and nothing of anybody else."""

from __future__ import annotations

from datetime import datetime, timedelta

from server.snapshot import BY_HAND_BACK, VITALS_BACK, VITALS_PER_STAY, render_snapshot
from tests.server.wards import DESK, STAY_1, STAY_2, SmallWard, vitals
from wardlink.ids import new_id
from wardlink.messages.changes import Snapshot, decode_snapshot
from wardlink.messages.commands import Command
from wardlink.messages.encounters import Transfer


def snapshot(ward: SmallWard, name: str = "w1", bed: str | None = None) -> Snapshot:
    """The snapshot as a device reads it."""
    with ward.db.read() as conn:
        return decode_snapshot(render_snapshot(conn, name, ward.clock.now(), bed=bed))


def test_a_ward_as_it_is(ward: SmallWard) -> None:
    """Everybody who lies there with their readings, calls and exceptions, as of one number."""
    call = ward.terminal.command("call.raise", {"reason": "PAIN"})
    ward.take(ward.cart.vitals(81), ward.cart_2.vitals(82, encounter=STAY_2), call)
    ward.take(ward.cart.vitals(83, encounter=new_id()))

    found = snapshot(ward)

    assert found.seq == max(change["seq"] for change in ward.changes())
    assert [stay.id for stay in found.encounters] == [STAY_1, STAY_2]
    assert [(v.encounter, v.readings.pulse_per_min) for v in found.vitals] == [(STAY_1, 81), (STAY_2, 82)]
    assert ([c.id for c in found.calls], [e.kind for e in found.exceptions]) == ([call.id], ["unknown-encounter"])
    assert [bed.id for bed in found.beds] == ["b1", "b2", "b3", "b4"]


def test_a_bed_knows_nothing_of_its_neighbours(ward: SmallWard) -> None:
    """Its own stay, readings and call; no exception; no staff but those who look after the patient."""
    ward.take(ward.cart.vitals(81), ward.cart.vitals(82, encounter=STAY_2))
    ward.take(*[device.command("call.raise", {"reason": "PAIN"}) for device in (ward.terminal, ward.terminal_2)])
    ward.take(ward.cart.vitals(83, encounter=new_id()))

    found = snapshot(ward, bed="b1")

    assert [stay.id for stay in found.encounters] == [STAY_1]
    assert {v.encounter for v in found.vitals} == {STAY_1}
    assert ([c.bed for c in found.calls], found.exceptions, found.staff) == (["b1"], (), ())
    assert [bed.id for bed in found.beds] == ["b1"]


def test_readings_follow_the_patient_into_another_ward(ward: SmallWard) -> None:
    """What was measured before the move is there after it, struck sets with their reason."""
    good, wrong = ward.cart.vitals(81), ward.cart.vitals(200)
    ward.take(good, wrong, ward.cart.command("vitals.strike", {"vitals": wrong.id, "reason": "wrong patient"}))
    ward.core.execute("encounter.transfer", Transfer(ward="w2", bed="b1"), ward="w1", actor=DESK, encounter=STAY_1)

    sets = {v.id: v for v in snapshot(ward, "w2").vitals}

    assert sets.keys() == {good.id, wrong.id}
    assert (sets[wrong.id].struck_reason, sets[good.id].struck_at) == ("wrong patient", None)
    assert snapshot(ward).vitals == ()


def by_monitor(ward: SmallWard, at: datetime) -> Command:
    """A monitor's set at this instant."""
    return ward.cart.command(
        "vitals.record", vitals(70).model_copy(update={"source": "monitor"}), encounter=STAY_1, measured_at=at
    )


def test_a_snapshot_is_bounded(ward: SmallWard) -> None:
    """Of a monitor the newest sets of each stay, not older than three days."""
    now = ward.clock.now()
    old = by_monitor(ward, now - VITALS_BACK - timedelta(seconds=1))
    many = [by_monitor(ward, now - timedelta(seconds=i)) for i in range(VITALS_PER_STAY + 5)]
    ward.take(old, *many)

    sets = [v.id for v in snapshot(ward).vitals]

    assert sets == [command.id for command in reversed(many[:VITALS_PER_STAY])]


def test_a_cart_holds_two_pages_of_the_chart(ward: SmallWard) -> None:
    """What was measured by hand in two weeks, however much a monitor says; a terminal needs no more than three days."""
    now = ward.clock.now()
    ages = (timedelta(days=1), BY_HAND_BACK - timedelta(seconds=1), BY_HAND_BACK + timedelta(seconds=1))
    by_hand = [ward.cart.vitals(60, measured_at=now - age) for age in ages]
    ward.take(*by_hand, *(by_monitor(ward, now - timedelta(seconds=i)) for i in range(VITALS_PER_STAY)))

    carts = [v.id for v in snapshot(ward).vitals if v.source == "manual"]
    terminals = [v.id for v in snapshot(ward, bed="b1").vitals if v.source == "manual"]

    assert carts == [by_hand[1].id, by_hand[0].id]
    assert terminals == []


def test_a_stay_says_where_it_has_lain(ward: SmallWard) -> None:
    """Every bed in order once it has moved; nothing while it lies where it was admitted."""
    ward.clock.advance(3600)
    ward.core.execute("encounter.transfer", Transfer(ward="w2", bed="b1"), ward="w1", actor=DESK, encounter=STAY_1)

    (moved,), (stayed,) = snapshot(ward, "w2").encounters, snapshot(ward).encounters

    assert [(place.ward, place.bed) for place in moved.places] == [("w1", "b1"), ("w2", "b1")]
    assert moved.places[0].since < moved.places[1].since == ward.clock.now()
    assert (moved.places[0].ward_name != moved.places[1].ward_name, stayed.places) == (True, ())
