"""An order from the doctor's signature to its last dose, and what is refused on the way, in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.server.orders.ward import DOCTOR, active, do, doses, gives, issued, order, tid
from tests.server.wards import DESK, NURSE, OTHER_NURSE, STAY_1, SmallWard
from wardlink.clock import ward_time
from wardlink.errors import Collision, InvalidInput, NotFound, WardlinkError
from wardlink.messages.encounters import UpdateEncounter


def test_an_order_becomes_doses_when_a_second_nurse_has_checked_it(ward: SmallWard) -> None:
    """Until the end of tomorrow, at the ward's hours, and not before the check."""
    name = issued(ward)
    before = doses(ward, name)
    do(ward, "order.review", {"order": name, "accepted": True}, by=DESK)
    do(ward, "order.check", {"order": name, "step": "transcribed"}, by=NURSE)
    do(ward, "order.check", {"order": name, "step": "checked"}, by=OTHER_NURSE)

    assert before == []
    times = [f"{ward_time(dose.due_at):%d %H:%M}" for dose in doses(ward, name) if dose.due_at]
    assert times == ["25 08:00", "25 12:00", "25 16:00", "26 08:00", "26 12:00", "26 16:00"]
    assert [step.what for step in order(ward, name).steps] == ["review", "transcribe", "check"]
    assert {change["body"]["state"] for change in ward.changes("dose.changed")} == {"planned"}


def test_a_dose_knows_its_window_and_its_drugs(ward: SmallWard) -> None:
    """So that a cart without a network can judge and check it."""
    dose = doses(ward, active(ward))[1]

    assert dose.due_at is not None
    assert (dose.opens_at, dose.closes_at) == (dose.due_at - timedelta(hours=1), dose.due_at + timedelta(hours=1))
    assert dose.missed_at == dose.due_at + timedelta(hours=4)
    assert [(item.drug, item.ingredient, item.gtins) for item in dose.items] == [
        ("aspirin-100mg", "aspirin", ("06900000000038",))
    ]


def test_a_stop_takes_back_what_is_due_from_then_on(ward: SmallWard) -> None:
    """A dose that is due just at the stop is not given any more; what was given stays given."""
    name = active(ward)
    first, second, *rest = doses(ward, name)
    ward.take(gives(ward.cart, first))
    assert second.due_at is not None
    do(ward, "order.stop", {"order": name, "stop_at": second.due_at.isoformat()})

    assert [dose.state for dose in doses(ward, name)] == ["done", "cancelled", *["cancelled" for _ in rest]]
    assert order(ward, name).state == "stopped"


def test_an_order_is_changed_by_another_one(ward: SmallWard) -> None:
    """The old one ends when the new one begins; both say so."""
    name = active(ward)
    now = ward.clock.now().isoformat()
    new = issued(ward, replaces=name, start_at=now, frequency="bid")

    old = order(ward, name)
    assert (old.state, old.replaced_by, order(ward, new).replaces) == ("stopped", new, name)
    assert {d.state for d in doses(ward, name) if d.due_at and d.due_at >= ward.clock.now()} == {"cancelled"}


def test_topping_up_makes_no_dose_twice(ward: SmallWard) -> None:
    """A held order that is resumed has the same doses."""
    name = active(ward)
    before = doses(ward, name)
    do(ward, "order.hold", {"order": name, "reason": "operation"})
    do(ward, "order.resume", {"order": name})

    assert doses(ward, name) == before


def test_the_same_nurse_is_no_second_pair_of_eyes(ward: SmallWard) -> None:
    """She is told so, and nothing moves."""
    name = issued(ward)
    do(ward, "order.review", {"order": name, "accepted": True}, by=DESK)
    do(ward, "order.check", {"order": name, "step": "transcribed"}, by=NURSE)

    with pytest.raises(Collision, match="cannot check it as well"):
        do(ward, "order.check", {"order": name, "step": "checked"}, by=NURSE)
    assert order(ward, name).state == "transcribed"


def test_a_nurse_offline_checks_and_is_refused_in_words(ward: SmallWard) -> None:
    """The order was taken back meanwhile: her request comes back with the reason, and changes nothing."""
    name = issued(ward)
    do(ward, "order.cancel", {"order": name, "reason": "wrong patient"})

    answer = ward.answer(ward.cart.command("order.check", {"order": name, "step": "transcribed"}, encounter=STAY_1))

    assert (answer.outcome, answer.code) == ("refused", "collision")
    assert answer.reason_zh == "医嘱当前状态为“已作废”，不能这样操作。"


def test_drugs_wait_for_the_pharmacist(ward: SmallWard) -> None:
    """Nursing care does not."""
    drug = issued(ward)
    care = issued(ward, category="nursing", items=[], text="一级护理", route=None, frequency="qd")

    with pytest.raises(Collision):
        do(ward, "order.check", {"order": drug, "step": "transcribed"}, by=NURSE)
    do(ward, "order.check", {"order": care, "step": "transcribed"}, by=NURSE)
    assert (order(ward, drug).state, order(ward, care).state) == ("issued", "transcribed")


def test_what_was_given_cannot_be_taken_back(ward: SmallWard) -> None:
    """It can be stopped, or marked as wrong."""
    name = active(ward)
    ward.take(gives(ward.cart, doses(ward, name)[0]))

    with pytest.raises(Collision, match="not taken back"):
        do(ward, "order.cancel", {"order": name, "reason": "x"})
    do(ward, "order.mark-wrong", {"order": name, "reason": "wrong patient"})
    assert order(ward, name).state == "entered-in-error"


REFUSED: list[tuple[str, dict[str, Any], type[WardlinkError]]] = [
    ("no such frequency", {"frequency": "xid"}, InvalidInput),
    ("when needed without a limit", {"kind": "standing-prn", "frequency": "prn"}, InvalidInput),
    ("a standing order when needed", {"frequency": "prn"}, InvalidInput),
    ("stops before it starts", {"stop_at": "2020-01-01T00:00:00Z"}, InvalidInput),
    ("starts long ago", {"start_at": "2020-01-01T00:00:00Z"}, InvalidInput),
    ("no drug", {"items": []}, InvalidInput),
    ("no route", {"route": "ip"}, InvalidInput),
    ("a tablet into the vein", {"route": "iv"}, InvalidInput),
    ("an unknown drug", {"items": [{"drug": "x", "dose": 1, "unit": "片"}]}, NotFound),
    ("words without drugs are no drug order", {"category": "nursing"}, InvalidInput),
    (
        "an infusion without a rate",
        {"items": [{"drug": "nacl-0.9-250", "dose": 250, "unit": "mL"}], "route": "ivgtt", "category": "infusion"},
        InvalidInput,
    ),
    ("replaces what nobody knows", {"replaces": "00000000-0000-7000-8000-00000000ffff"}, NotFound),
]


@pytest.mark.parametrize(("why", "decided", "fault"), REFUSED, ids=[why for why, _, _ in REFUSED])
def test_an_order_that_cannot_be_is_refused(
    ward: SmallWard, why: str, decided: dict[str, Any], fault: type[WardlinkError]
) -> None:
    """Before anything is written, and with what is wrong."""
    with pytest.raises(fault):
        do(ward, "order.issue", tid(ward) | decided)
    assert ward.changes("order.changed") == []


def test_an_allergy_stops_the_order(ward: SmallWard) -> None:
    """The class of a drug is enough."""
    allergies = UpdateEncounter(allergies=("青霉素过敏",))
    ward.core.execute("encounter.update", allergies, ward="w1", actor=DESK, encounter=STAY_1)

    penicillin = {"items": [{"drug": "penicillin-800k", "dose": 1, "unit": "支"}], "route": "im"}
    with pytest.raises(Collision, match="allergy to 青霉素过敏"):
        do(ward, "order.issue", tid(ward) | penicillin)
    assert do(ward, "order.issue", tid(ward), by=DOCTOR).outcome == "applied"
