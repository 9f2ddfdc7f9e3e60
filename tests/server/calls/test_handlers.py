"""Calls through the ingest: what the bed, the carts and the log hold afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from server.calls.models import CallRow
from server.calls.service import open_calls, raised_by_family
from tests.server.wards import STAY_1, SmallWard
from wardlink.ids import new_id
from wardlink.messages.base import Actor, ActorKind
from wardlink.messages.commands import Command

BED = Actor(kind="device", id="t1")


def press(ward: SmallWard, reason: str | None = None, **envelope: Any) -> Command:
    """Somebody presses at bed b1."""
    body = {} if reason is None else {"reason": reason}
    return ward.terminal.command("call.raise", body, **({"actor": BED} | envelope))


def states(ward: SmallWard) -> list[tuple[str, str, int]]:
    """What was told of calls: state, class and count of each change."""
    return [(c["body"]["state"], c["body"]["cls"], c["body"].get("count", 1)) for c in ward.changes("call.changed")]


def test_a_press_opens_a_call_for_whoever_lies_there(ward: SmallWard) -> None:
    """Nobody has to sign in at the bed to call."""
    command = press(ward)

    ward.take(command)

    (change,) = ward.changes("call.changed")
    told = change["body"]
    assert (told["id"], told["bed"], told["cls"], told["state"]) == (command.id, "b1", "P2", "raised")
    assert (told["encounter"], change["bed"], change["encounter"]) == (STAY_1, "b1", STAY_1)


@pytest.mark.parametrize("kind", ["device", "patient", "family"])
def test_whose_the_first_press_was_is_kept_and_not_told(ward: SmallWard, kind: ActorKind) -> None:
    """A later press of somebody else does not change it. Devices of earlier versions would not take a message more."""
    command = press(ward, actor=Actor(kind=kind, id=STAY_1), encounter=STAY_1)
    ward.take(command, press(ward))
    with ward.db.read() as conn:
        by_family = raised_by_family(conn, "w1")
        kept = conn.execute(select(col(CallRow.raised_by))).scalar_one()

    assert kept == kind
    assert by_family == ({command.id} if kind == "family" else set())
    assert all("raised_by" not in change["body"] for change in ward.changes("call.changed"))


def test_the_toilet_is_an_emergency_whatever_was_chosen(ward: SmallWard) -> None:
    """DOMAIN 10.1."""
    ward.take(ward.terminal.command("call.raise", {"reason": "WATER", "place": "toilet"}, actor=BED))

    assert states(ward) == [("raised", "P1", 1)]


def test_presses_of_one_bed_merge_until_the_call_is_over(ward: SmallWard) -> None:
    """One call, counted; the next press after its end is a new one."""
    first, second = press(ward, "WATER"), press(ward, "FALL")
    ward.take(first, second)
    arrive = ward.cart.command("call.arrive", {"call": first.id})
    resolve = ward.cart.command("call.resolve", {"call": second.id})
    ward.take(arrive, resolve)
    third = press(ward, "WATER")
    ward.take(third)

    assert states(ward) == [
        ("raised", "P4", 1),
        ("raised", "P1", 2),
        ("arrived", "P1", 2),
        ("resolved", "P1", 2),
        ("raised", "P4", 1),
    ]
    assert [c["body"]["id"] for c in ward.changes("call.changed")] == [first.id] * 4 + [third.id]


def test_a_report_that_is_here_before_the_call_is_kept(ward: SmallWard) -> None:
    """The cart heard the bed's own notice while we were down: its report comes first, the call after it."""
    raised = press(ward, "INFUSION")
    taken = ward.cart.command("call.acknowledge", {"call": raised.id, "eta_min": 3}, bed="b1", encounter=STAY_1)

    assert ward.answer(taken).outcome == "applied"
    assert ward.answer(raised).outcome == "applied"

    with ward.db.read() as conn:
        (call,) = open_calls(conn, "w1")
    assert (call.state, call.reason, call.cls, call.acknowledged_name, call.eta_min) == (
        "acknowledged",
        "INFUSION",
        "P2",
        "李静",
        3,
    )
    assert (call.raised_at, call.count) == (raised.measured_at, 1)


def test_a_report_of_a_call_that_nobody_can_place_is_parked(ward: SmallWard) -> None:
    """Without a bed it cannot ring anywhere; it is kept whole."""
    receipt = ward.answer(ward.cart.command("call.acknowledge", {"call": new_id()}))

    assert (receipt.outcome, len(ward.parked())) == ("parked", 1)


def test_an_urgent_call_cannot_be_ended_from_afar(ward: SmallWard) -> None:
    """The nurse is told in words, the call rings on, and what she said is kept."""
    raised = press(ward, "FALL")
    ward.take(raised)

    receipt = ward.answer(ward.cart.command("call.resolve", {"call": raised.id}))

    assert (receipt.outcome, receipt.code) == ("parked", "collision")
    assert "at the bed" in (receipt.reason_en or "")
    assert states(ward) == [("raised", "P1", 1)]


def test_only_staff_report_on_a_call(ward: SmallWard) -> None:
    """A patient cannot say that a nurse was there."""
    raised = press(ward, "PAIN")
    ward.take(raised)

    outcomes = [
        ward.answer(ward.terminal.command(kind, {"call": raised.id}, actor=BED)).outcome
        for kind in ("call.acknowledge", "call.arrive", "call.resolve")
    ]

    assert outcomes == ["parked"] * 3


def test_a_nurse_ends_a_call_at_the_bed_itself(ward: SmallWard) -> None:
    """With her badge at the terminal of that bed."""
    raised = press(ward, "FALL")
    ward.take(raised)

    ward.take(*[ward.terminal.command(kind, {"call": raised.id}) for kind in ("call.arrive", "call.resolve")])

    assert states(ward)[-1] == ("resolved", "P1", 1)


def test_a_call_of_another_ward_is_not_touched(ward: SmallWard) -> None:
    """A cart hears and answers its own ward only."""
    raised = press(ward, "PAIN")
    ward.take(raised)

    receipt = ward.answer(ward.other_cart.command("call.acknowledge", {"call": raised.id}))

    assert (receipt.outcome, receipt.code) == ("parked", "not-allowed")


def test_a_nurse_nobody_knows_is_put_before_a_person(ward: SmallWard) -> None:
    """What she reported is kept."""
    raised = press(ward, "PAIN")
    ghost = Actor(kind="staff", id="ghost")

    ward.take(raised, ward.cart.command("call.acknowledge", {"call": raised.id}, actor=ghost))

    assert states(ward)[-1][0] == "acknowledged"
    assert [row.kind for row in ward.exceptions()] == ["unknown-actor"]


def test_the_patient_takes_a_small_call_back(ward: SmallWard) -> None:
    """Within ten seconds, by the clock of the bed."""
    raised = press(ward, "WATER")
    ward.clock.advance(9)

    outcome = ward.take(raised, ward.terminal.command("call.cancel", {"call": raised.id}, actor=BED)).outcomes()

    assert outcome == ["applied", "applied"]
    assert states(ward)[-1][0] == "cancelled"
