"""Doses on a doctor's word: kept as facts, asked for until an order is written, and named when that is late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server.orders.clock import OrderClock
from server.orders.verbal import write_order
from server.record.service import record_called
from tests.server.orders.ward import DOCTOR, do, doses, issued, order
from tests.server.wards import DESK, NURSE, OTHER_NURSE, STAY_1, STAY_2, SmallWard
from wardlink.errors import Collision, InvalidInput, NotAllowed
from wardlink.messages.commands import Command
from wardlink.messages.encounters import UpdateEncounter
from wardlink.messages.verbal import VerbalView
from wardlink.record.verbal import VERBAL

SAID = {
    "name": "呋塞米注射液",
    "drug": "furosemide-20mg",
    "dose": 1,
    "unit": "支",
    "route": "iv",
    "doctor": "d1",
    "doctor_name": "周涛",
    "read_back": True,
    "witness": OTHER_NURSE.id,
}
WRITTEN = {
    "kind": "verbal",
    "items": [{"drug": "furosemide-20mg", "dose": 1, "unit": "支"}],
    "route": "iv",
    "frequency": "once",
}
HOURS_6 = timedelta(hours=6).total_seconds()


def given(ward: SmallWard, **more: Any) -> Command:
    """A cart reports a dose on a doctor's word, now."""
    command = ward.cart.command("verbal.give", SAID | more, encounter=STAY_1)
    assert ward.answer(command).outcome == "applied"
    return command


def view(ward: SmallWard, name: str) -> VerbalView:
    """It, as it stands."""
    with ward.db.read() as conn:
        found = record_called(conn, VERBAL, name)
    assert found is not None
    return found[1]


def cases(ward: SmallWard) -> list[tuple[str, bool]]:
    """Every case, and whether somebody still has to deal with it."""
    return [(row.kind, row.closed_at is None) for row in ward.exceptions()]


def test_it_is_kept_and_asks_for_its_order(ward: SmallWard) -> None:
    """With who said it and what; a doctor who has written it closes the case, and nobody gives it again."""
    verbal = given(ward)
    assert cases(ward) == [("order-unwritten", True)]
    assert ward.exceptions()[0].detail["said_by"] == "周涛"
    written = issued(ward, **WRITTEN)
    for step, by in (("transcribed", NURSE), ("checked", OTHER_NURSE)):
        if step == "transcribed":
            do(ward, "order.review", {"order": written, "accepted": True}, by=DESK)
        do(ward, "order.check", {"order": written, "step": step}, by=by)

    do(ward, "verbal.write", {"verbal": verbal.id, "order": written})

    assert view(ward, verbal.id).order == written
    assert cases(ward) == [("order-unwritten", False)]
    assert order(ward, written).state == "active"
    assert doses(ward, written) == []


def test_everything_twice_changes_nothing(ward: SmallWard) -> None:
    """The dose comes again, before and after its order was written."""
    verbal = given(ward)
    ward.take(verbal)
    do(ward, "verbal.write", {"verbal": verbal.id, "order": issued(ward, **WRITTEN)})
    ward.take(verbal)

    assert cases(ward) == [("order-unwritten", False)]
    with pytest.raises(Collision):
        do(ward, "verbal.write", {"verbal": verbal.id, "order": issued(ward, **WRITTEN)})


@pytest.mark.parametrize(("after_s", "named"), [(HOURS_6, False), (HOURS_6 + 1, True)])
def test_an_order_that_is_not_written_in_time_is_named_once(ward: SmallWard, after_s: float, named: bool) -> None:
    """Six hours after the dose, to the second; writing it closes both cases."""
    verbal = given(ward)
    ward.clock.advance(after_s)
    clock = OrderClock(ward.core)
    clock.look()
    clock.look()

    late = [("order-overdue", True)] if named else []
    assert cases(ward) == [("order-unwritten", True), *late]
    do(ward, "verbal.write", {"verbal": verbal.id, "order": issued(ward, **WRITTEN)})
    assert [is_open for _kind, is_open in cases(ward)] == [False] * (1 + named)


def test_what_is_struck_out_needs_no_order(ward: SmallWard) -> None:
    """It stays readable; its case closes."""
    verbal = given(ward)
    ward.take(ward.cart.command("verbal.strike", {"verbal": verbal.id, "reason": "wrong patient"}, encounter=STAY_1))
    ward.clock.advance(HOURS_6 + 1)
    OrderClock(ward.core).look()

    assert view(ward, verbal.id).struck_reason == "wrong patient"
    assert cases(ward) == [("order-unwritten", False)]


UNSAFE: list[tuple[str, dict[str, Any], list[str]]] = [
    ("as it should be", {}, []),
    ("a high-alert drug alone", {"drug": "morphine-10mg", "witness": None}, ["given-without-witness"]),
    ("a drug that nobody knows, alone", {"drug": None, "witness": None}, ["given-without-witness"]),
    ("herself twice", {"drug": "morphine-10mg", "witness": NURSE.id}, ["given-without-witness"]),
    ("against an allergy", {"drug": "penicillin-800k", "route": "im"}, ["given-against-allergy"]),
]


@pytest.mark.parametrize(("why", "how", "found"), UNSAFE, ids=[why for why, *_ in UNSAFE])
def test_an_unsafe_way_is_kept_and_put_before_a_person(
    ward: SmallWard, why: str, how: dict[str, Any], found: list[str]
) -> None:
    """A rescue leaves no time to ask: it is asked afterwards. An allergy does not keep its order from being written."""
    known = UpdateEncounter(allergies=("青霉素",))
    ward.core.execute("encounter.update", known, ward="w1", actor=DESK, encounter=STAY_1)
    verbal = given(ward, **how)

    assert [kind for kind, _ in cases(ward)] == ["order-unwritten", *found]
    if how.get("drug") == "penicillin-800k":
        items = [{"drug": "penicillin-800k", "dose": 1, "unit": "支"}]
        written = issued(ward, **WRITTEN | {"items": items, "route": "im"})
        do(ward, "verbal.write", {"verbal": verbal.id, "order": written})
        assert view(ward, verbal.id).order == written


def test_only_a_doctor_writes_and_only_for_the_same_patient(ward: SmallWard) -> None:
    """Another patient's order closes nothing."""
    verbal = given(ward)
    other = do(ward, "order.issue", {**WRITTEN, "category": "drug", "start_at": ward.clock.now()}, encounter=STAY_2).id
    with pytest.raises(Collision):
        do(ward, "verbal.write", {"verbal": verbal.id, "order": other})
    with pytest.raises(NotAllowed):
        do(ward, "verbal.write", {"verbal": verbal.id, "order": issued(ward, **WRITTEN)}, by=NURSE)

    assert cases(ward) == [("order-unwritten", True)]


def test_it_is_written_as_it_was_said_from_when_it_was_given(ward: SmallWard) -> None:
    """One step for the doctor; a drug that nobody knows is written by hand."""
    known, unknown = given(ward), given(ward, drug=None)
    at = ward.clock.now()
    ward.clock.advance(1800)

    write_order(ward.core, DOCTOR, "w1", view(ward, known.id), None)
    with pytest.raises(InvalidInput):
        write_order(ward.core, DOCTOR, "w1", view(ward, unknown.id), None)

    written = order(ward, str(view(ward, known.id).order))
    assert (written.kind, written.start_at, written.items[0].drug, written.route) == (
        "verbal",
        at,
        "furosemide-20mg",
        "iv",
    )
    assert cases(ward) == [("order-unwritten", False), ("order-unwritten", True)]
