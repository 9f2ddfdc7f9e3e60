"""What a cart reports of a dose: unsafe ways are kept and put before a person, each with both stories."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.orders.ward import SCANS, active, do, doses, gives, issued
from tests.server.wards import DESK, NURSE, OTHER_NURSE, STAY_1, SmallWard
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.encounters import UpdateEncounter

WARFARIN = {"items": [{"drug": "warfarin-2.5mg", "dose": 1, "unit": "片"}]}
NACL = [{"drug": "nacl-0.9-250", "dose": 250, "unit": "mL"}]
PRN = {
    "kind": "standing-prn",
    "frequency": "prn",
    "items": [{"drug": "ibuprofen-300mg", "dose": 1, "unit": "粒"}],
    "indication": "疼痛",
    "min_interval_min": 240,
    "max_per_day": 2,
}


def kinds(ward: SmallWard) -> list[str]:
    """The exceptions so far."""
    return [row.kind for row in ward.exceptions()]


def test_both_stories_and_their_clocks(ward: SmallWard) -> None:
    """Of a dose on two carts: who, when and on which cart, for each."""
    dose = doses(ward, active(ward))[0]
    ward.take(gives(ward.cart, dose))
    ward.clock.advance(90)
    ward.take(gives(ward.cart_2, dose, actor=OTHER_NURSE))

    (row,) = ward.exceptions()
    told = row.detail
    assert (told["done_by"], told["on_device"], told["other_done_by"], told["other_on_device"]) == (
        "王芳",
        "c2",
        "李静",
        "c1",
    )
    assert told["done_at"] > told["other_done_at"]


UNSAFE: list[tuple[str, dict[str, Any], dict[str, Any], list[str]]] = [
    ("as it should be", {}, {}, []),
    ("without any code", {}, {"scans": []}, ["given-unscanned"]),
    ("without the drug's code", {}, {"scans": SCANS[:1]}, ["given-unscanned"]),
    ("without codes and with a reason", {}, {"scans": [], "overrides": [{"check": "scan", "reason": "torn"}]}, []),
    ("a high-alert drug alone", WARFARIN, {}, ["given-without-witness"]),
    ("a high-alert drug, herself twice", WARFARIN, {"witness": NURSE.id}, ["given-without-witness"]),
    ("a high-alert drug with another nurse", WARFARIN, {"witness": OTHER_NURSE.id}, []),
    ("part of it", {}, {"amount_pct": 50, "note": "spat out"}, []),
]


@pytest.mark.parametrize(("why", "order", "how", "expected"), UNSAFE, ids=[why for why, *_ in UNSAFE])
def test_how_it_was_given(
    ward: SmallWard, why: str, order: dict[str, Any], how: dict[str, Any], expected: list[str]
) -> None:
    """Kept in any case."""
    dose = doses(ward, active(ward, **order))[0]

    ward.take(gives(ward.cart, dose, **how))

    assert kinds(ward) == expected
    assert doses(ward, dose.order)[0].state == "done"


def test_an_allergy_that_came_up_meanwhile(ward: SmallWard) -> None:
    """The order was written before it was known."""
    dose = doses(ward, active(ward))[0]
    ward.core.execute(
        "encounter.update", UpdateEncounter(allergies=("阿司匹林",)), ward="w1", actor=DESK, encounter=STAY_1
    )

    ward.take(gives(ward.cart, dose))

    assert kinds(ward) == ["given-against-allergy"]


def test_before_it_was_checked(ward: SmallWard) -> None:
    """In a rescue, say: there is no dose yet, and the entry makes it."""
    order = issued(ward)
    dose = doses(ward, active(ward))[0].model_copy(update={"id": new_id(), "order": order, "due_at": None})

    ward.take(gives(ward.cart, dose))

    assert kinds(ward) == ["given-unchecked"]
    assert [kept.state for kept in doses(ward, order)] == ["done"]


def test_on_an_order_that_nobody_knows(ward: SmallWard) -> None:
    """A server that lost it keeps what the cart says of it."""
    dose = doses(ward, active(ward))[0].model_copy(update={"id": new_id(), "order": new_id()})

    ward.take(gives(ward.cart, dose))

    assert kinds(ward) == ["unknown-order"]


def test_when_needed_too_soon_and_too_often(ward: SmallWard) -> None:
    """Within the interval, and a third time in the 24 hours that have two."""
    order = active(ward, **PRN)
    pattern = doses(ward, active(ward))[0]

    found = []
    for minutes in (0, 239, 2, 241):
        ward.clock.advance(minutes * 60)
        dose = pattern.model_copy(update={"id": new_id(), "order": order, "due_at": None})
        before = len(kinds(ward))
        ward.take(gives(ward.cart, dose))
        found.append(kinds(ward)[before:])

    assert found == [[], ["given-too-soon"], ["given-too-soon"], ["given-too-soon"]]


def test_a_pharmacist_gives_no_drugs(ward: SmallWard) -> None:
    """And a device by itself neither: that is parked."""
    from sqlalchemy import update

    from server.identity.models import Staff

    dose, other, *_ = doses(ward, active(ward))
    with ward.db.write() as conn:
        conn.execute(update(Staff).where(Staff.id == "n2").values(role="pharmacist"))  # type: ignore[arg-type]

    ward.take(gives(ward.cart, dose, actor=OTHER_NURSE))
    alone = ward.answer(gives(ward.cart, other, actor=Actor(kind="device", id="c1")))

    assert kinds(ward) == ["given-without-right"]
    assert alone.code == "not-allowed"


def test_an_infusion_from_its_start_to_its_end(ward: SmallWard) -> None:
    """Patrolled, paused, resumed, ended with what went in; all of it stands in the dose."""
    infusion = {
        "category": "infusion",
        "items": [{"drug": "nacl-0.9-250", "dose": 250, "unit": "mL"}],
        "route": "ivgtt",
        "volume_ml": 250,
        "rate_ml_per_h": 100,
    }
    dose = doses(ward, active(ward, **infusion))[0]
    for kind, more in (
        ("dose.start", {"volume_ml": 250, "rate_ml_per_h": 100}),
        ("dose.patrol", {"remaining_ml": 200, "rate_ml_per_h": 90, "site": "red"}),
        ("dose.pause", {"reason": "检查"}),
        ("dose.resume", {"rate_ml_per_h": 100}),
        ("dose.end", {"infused_ml": 240}),
    ):
        ward.clock.advance(1200)
        ward.take(gives(ward.cart, dose, kind, **more))

    kept = doses(ward, dose.order)[0]
    assert (kept.state, kinds(ward)) == ("done", [])
    assert [event.act for event in kept.events] == ["start", "patrol", "pause", "resume", "end"]
    assert (kept.events[1].site, kept.events[-1].infused_ml) == ("red", 240)


def test_a_wrong_entry_is_struck_out(ward: SmallWard) -> None:
    """The dose waits again, and can be given to the right patient's neighbour no more silently than before."""
    dose = doses(ward, active(ward))[0]
    wrong = gives(ward.cart, dose)
    ward.take(wrong, gives(ward.cart, dose, "dose.strike", entry=wrong.id, reason="扫错腕带"))
    again = gives(ward.cart, doses(ward, dose.order)[0])
    ward.take(again)

    kept = doses(ward, dose.order)[0]
    assert (kept.state, [e.struck_reason for e in kept.events], kinds(ward)) == ("done", ["扫错腕带", None], [])


def test_a_lease_is_told_and_released(ward: SmallWard) -> None:
    """Another cart is warned until the round is over."""
    dose = doses(ward, active(ward))[0]
    until = {"doses": [dose.id], "until_at": ward.clock.now().isoformat()}
    taken = ward.cart.command("lease.take", until)
    ward.take(taken, ward.cart.command("lease.release", {"lease": taken.id}))

    states = [change["body"].get("released_at") is not None for change in ward.changes("lease.changed")]
    assert states == [False, True]


def test_an_order_is_held_while_a_dose_is_due(ward: SmallWard) -> None:
    """A doctor's hold does not take the doses away: what is due then waits, and is given on a hold only knowingly."""
    order = active(ward)
    do(ward, "order.hold", {"order": order, "reason": "禁食"})

    assert {dose.state for dose in doses(ward, order)} == {"planned"}


def test_what_drips_when_its_order_is_stopped_is_put_before_a_person(ward: SmallWard) -> None:
    """Somebody must go and end it."""
    order = active(ward, category="infusion", items=NACL, route="ivgtt", volume_ml=250, rate_ml_per_h=100)
    dose = doses(ward, order)[0]
    ward.take(gives(ward.cart, dose, "dose.start", volume_ml=250, rate_ml_per_h=100))
    ward.clock.advance(600)
    do(ward, "order.stop", {"order": order, "stop_at": ward.clock.now().isoformat()})

    (row,) = ward.exceptions()
    assert (row.kind, row.detail["act"], row.detail["stopped_by"]) == ("runs-after-stop", "start", "赵医生")


@pytest.mark.parametrize("heard", ["before the stop", "after the stop"])
def test_what_was_struck_out_after_its_order_had_ended_is_not_due_again(ward: SmallWard, heard: str) -> None:
    """Given ahead of time on a cart; the order ends; the entry turns out to be wrong: nobody is asked to give it."""
    order = active(ward)
    dose = doses(ward, order)[-1]
    ward.clock.advance(60)
    wrong = gives(ward.cart, dose)
    if heard == "before the stop":
        ward.take(wrong)
    ward.clock.advance(60)
    do(ward, "order.stop", {"order": order, "stop_at": ward.clock.now().isoformat()})
    ward.clock.advance(60)

    ward.take(wrong, gives(ward.cart, dose, "dose.strike", entry=wrong.id, reason="扫错腕带"))

    kept = doses(ward, order)[-1]
    assert (kept.state, len(kept.events)) == ("cancelled", 1)
