"""What is due in a ward, as the server reads it."""

from __future__ import annotations

from datetime import timedelta

from server.due.service import due_in_ward
from server.snapshot import render_snapshot
from tests.server.wards import NOW, STAY_1, STAY_2, SmallWard, vitals
from wardlink.messages.changes import decode_snapshot
from wardlink.messages.rounds import RecordRound, StrikeRound
from wardlink.messages.vitals import StrikeVitals
from wardlink.record.due.all import NEEDED, due_of
from wardlink.record.due.due import Due, Facts
from wardlink.record.due.measured import Measured, learn

WHOLE = vitals(temp_c=36.8, rr_per_min=16, sbp_mmhg=120, dbp_mmhg=80, spo2_pct=98, o2_on=False, acvpu="A")


def due(ward: SmallWard, stay: str = STAY_1) -> dict[str, Due]:
    """What is due about one stay, by its kind."""
    with ward.db.read() as conn:
        return {found.code: found for found in due_in_ward(conn, "w1", ward.clock.now())[stay]}


def test_what_was_recorded_is_due_again_later(ward: SmallWard) -> None:
    """A round and a set of vital signs put the next ones off; struck out, they never were."""
    before = due(ward)
    done = ward.cart.command("round.record", RecordRound(evidence="bed-tag"), encounter=STAY_1)
    measured = ward.cart.command("vitals.record", WHOLE, encounter=STAY_1)
    ward.take(done, measured)

    after = due(ward)
    ward.take(
        ward.cart.command("round.strike", StrikeRound(round=done.id, reason="x"), encounter=STAY_1),
        ward.cart.command("vitals.strike", StrikeVitals(vitals=measured.id, reason="x"), encounter=STAY_1),
    )

    assert (after["round"].due_at, after["round"].why) == (NOW + timedelta(hours=2), done.id)
    assert (after["vitals"].why, before["vitals"].why) == (measured.id, None)
    assert due(ward) == before


def test_a_cart_says_the_same(ward: SmallWard) -> None:
    """From a snapshot follows what follows from the database, a monitor's sets among it."""
    ward.take(ward.cart.command("vitals.record", WHOLE, encounter=STAY_1))
    ward.clock.advance(3600)
    monitor = vitals(pulse_per_min=135, rr_per_min=26).model_copy(update={"source": "monitor"})
    ward.take(ward.monitor.command("vitals.record", monitor, encounter=STAY_1))
    ward.take(ward.cart.command("round.record", RecordRound(evidence="ticked"), encounter=STAY_2))
    now = ward.clock.now() + timedelta(hours=3)
    with ward.db.read() as conn:
        of_server = due_in_ward(conn, "w1", now)
        told = decode_snapshot(render_snapshot(conn, "w1", now))

    of_cart = {}
    for stay in told.encounters:
        sets = [found for found in told.vitals if found.encounter == stay.id]
        records = {
            kind.name: tuple(
                view
                for body in told.records.get(kind.name, ())
                if (view := kind.view.model_validate(body)).encounter == stay.id
            )
            for kind in NEEDED
        }
        of_cart[stay.id] = due_of(Facts(stay, learn(Measured(), sets, stay), records), now)

    assert of_cart == of_server
    assert [found.code for found in of_server[STAY_1] if found.is_overdue(now)] != []
