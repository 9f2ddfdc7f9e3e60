"""A fact about a patient who was moved meanwhile: told in the ward where the patient lies, answered to the cart."""

from __future__ import annotations

from tests.server.wards import DESK, STAY_1, SmallWard
from wardlink.messages.encounters import Transfer


def test_a_receipt_names_no_number_of_another_ward(ward: SmallWard) -> None:
    """The cart would wait for it in its own ward's log, and show as unconfirmed what the server has."""
    here = ward.cart.command("round.record", {"evidence": "bed-tag"}, encounter=STAY_1)
    first = ward.answer(here)
    ward.core.execute("encounter.transfer", Transfer(ward="w2", bed="b1"), ward="w1", actor=DESK, encounter=STAY_1)
    for _ in range(20):
        ward.take(ward.other_cart.vitals())
    moved = ward.cart.command("round.record", {"evidence": "bed-tag"}, encounter=STAY_1)

    once, again = ward.answer(moved), ward.answer(moved)

    assert [change["seq"] for change in ward.changes("round.changed")] == [first.seq]
    assert [change["body"]["id"] for change in ward.changes("round.changed", "w2")] == [moved.id]
    assert ((once.outcome, once.seq), (again.outcome, again.seq)) == (("applied", None), ("already-applied", None))
