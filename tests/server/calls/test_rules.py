"""What reports make of a call, in whatever order they come."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from server.calls import rules
from tests.server.wards import NOW
from wardlink.clinical.call_reasons import call_reasons
from wardlink.errors import Collision


def at(minutes: float) -> Any:
    """So many minutes after the call."""
    return NOW + timedelta(minutes=minutes)


def call(**fields: Any) -> dict[str, Any]:
    """A call with reason PAIN, nobody has taken it."""
    return {
        "cls": "P2",
        "reason": "PAIN",
        "state": "raised",
        "count": 1,
        "raised_at": NOW,
        "pressed_at": NOW,
        "rang_at": NOW,
        "acknowledged_at": None,
        "acknowledged_by": None,
        "eta_min": None,
        "arrived_at": None,
        "arrived_by": None,
        "closed_at": None,
        "closed_by": None,
        "outcome": None,
    } | fields


# The open call, the reason of the next press; class, reason and state afterwards.
PRESSES = [
    (call(), "PAIN", ("P2", "PAIN", "raised")),
    (call(), "WATER", ("P2", "PAIN", "raised")),
    (call(), "FALL", ("P1", "FALL", "raised")),
    (call(), None, ("P2", "PAIN", "raised")),
    (call(reason=None), "INFUSION", ("P2", "INFUSION", "raised")),
    (call(cls="P4", reason="WATER"), None, ("P2", None, "raised")),
    (call(cls="P4", reason="WATER"), "NOBODY-KNOWS", ("P2", "NOBODY-KNOWS", "raised")),
    (call(state="acknowledged"), "PAIN", ("P2", "PAIN", "acknowledged")),
    (call(state="acknowledged"), "FALL", ("P1", "FALL", "raised")),
    (call(state="arrived"), "WATER", ("P2", "PAIN", "raised")),
    (call(state="arrived", cls="P1", reason="FALL"), "FALL", ("P1", "FALL", "raised")),
]


@pytest.mark.parametrize(("before", "reason", "after"), PRESSES)
def test_presses_merge_and_the_highest_class_wins(
    before: dict[str, Any], reason: str | None, after: tuple[str, str, str]
) -> None:
    """What has become more urgent rings again, and so does a press after somebody was there."""
    merged = before | rules.pressed(before, reason, at(3))

    assert (merged["cls"], merged["reason"], merged["state"], merged["count"]) == (*after, 2)


def test_a_call_that_rings_again_has_nobody_who_took_it() -> None:
    """Whoever took the lesser call has not taken this one."""
    taken = call(state="acknowledged", acknowledged_at=at(1), acknowledged_by="staff:n1", eta_min=5)

    again = taken | rules.pressed(taken, "FALL", at(2))

    assert (again["acknowledged_at"], again["acknowledged_by"], again["eta_min"]) == (None, None, None)


# The call, the reason that became known; class and reason afterwards.
REFINEMENTS = [
    (call(reason=None), "WATER", ("P4", "WATER")),
    (call(reason=None), "FALL", ("P1", "FALL")),
    (call(), "WATER", ("P2", "PAIN")),
    (call(), "FALL", ("P1", "FALL")),
    (call(reason=None, count=2), "WATER", ("P2", "WATER")),
]


@pytest.mark.parametrize(("before", "reason", "after"), REFINEMENTS)
def test_a_reason_that_becomes_known_decides_the_class(
    before: dict[str, Any], reason: str, after: tuple[str, str]
) -> None:
    """The guess gives way up or down; what was said or merged is never lowered."""
    refined = before | rules.refined(before, reason, at(0.1))

    assert (refined["cls"], refined["reason"]) == after


def test_a_reason_that_makes_it_urgent_rings_again() -> None:
    """Whoever took the call before the reason was known has not taken the emergency; not even by a late report."""
    taken = call(reason=None) | rules.acknowledged(call(reason=None), at(1), "staff:n1", None)

    urgent = taken | rules.refined(taken, "FALL", at(2))
    late = urgent | rules.acknowledged(urgent, at(1.5), "staff:n2", None)

    assert (urgent["state"], urgent["cls"], urgent["acknowledged_by"]) == ("raised", "P1", None)
    assert late["state"] == "raised"


def test_an_urgent_call_is_ended_only_by_somebody_who_has_arrived() -> None:
    """Every reason of class P1, taken or not."""
    urgent = [reason.code for reason in call_reasons().values() if reason.cls == "P1"]
    assert urgent

    for reason in urgent:
        for state in ("raised", "acknowledged"):
            with pytest.raises(Collision):
                rules.resolved(call(cls="P1", reason=reason, state=state), at(1), "staff:n1", "helped")
        there = call(cls="P1", reason=reason, state="arrived")
        assert rules.resolved(there, at(1), "staff:n1", "helped")["state"] == "resolved"


# Class, seconds after the call, whether the patient may take it back.
CANCELS = [
    ("P1", 1, False),
    ("P2", 1, False),
    ("P3", 0, True),
    ("P3", 10, True),
    ("P3", 10.001, False),
    ("P4", 10, True),
    ("P4", 11, False),
]


@pytest.mark.parametrize(("cls", "after_s", "allowed"), CANCELS)
def test_a_patient_takes_back_a_small_call_within_ten_seconds(cls: str, after_s: float, allowed: bool) -> None:
    """P3 and P4 only; a nurse who is on her way may be told so."""
    for state in ("raised", "acknowledged"):
        given = call(cls=cls, state=state)
        if allowed:
            assert rules.cancelled(given, at(after_s / 60), "patient:x")["state"] == "cancelled"
        else:
            with pytest.raises(Collision):
                rules.cancelled(given, at(after_s / 60), "patient:x")


@pytest.mark.parametrize("state", ["arrived", "resolved", "cancelled"])
def test_nothing_is_taken_back_once_somebody_came(state: str) -> None:
    """Nor twice."""
    with pytest.raises(Collision):
        rules.cancelled(call(cls="P4", state=state), at(0), "patient:x")


def test_of_two_nurses_who_took_a_call_the_earlier_one_has_it() -> None:
    """Whichever report comes first."""
    reports = [(at(1), "staff:n1"), (at(2), "staff:n2")]

    for order in permutations(reports):
        taken = call()
        for when, who in order:
            taken |= rules.acknowledged(taken, when, who, None)
        assert (taken["state"], taken["acknowledged_by"]) == ("acknowledged", "staff:n1")


def test_reports_of_one_nurse_end_the_same_in_any_order() -> None:
    """Taken, arrived, resolved: a cart that was out of reach tells them all."""
    steps = {
        "take": lambda c: rules.acknowledged(c, at(1), "staff:n1", 2),
        "arrive": lambda c: rules.arrived(c, at(2), "staff:n1"),
        "resolve": lambda c: rules.resolved(c, at(3), "staff:n1", "helped"),
    }

    ends = []
    for order in permutations(steps):
        ended = call()
        for name in order:
            ended |= steps[name](ended)
        ends.append(ended)

    assert ends == [ends[0]] * 6
    assert (ends[0]["state"], ends[0]["arrived_by"], ends[0]["closed_at"]) == ("resolved", "staff:n1", at(3))


def test_what_happened_before_a_press_does_not_silence_it() -> None:
    """A nurse dealt with the first press at 1 and tells it after the patient pressed again at 2."""
    again = call() | rules.pressed(call(), "PAIN", at(2))
    urgent = call() | rules.pressed(call(), "FALL", at(2))

    assert rules.resolved(again, at(1), "staff:n1", "helped") == {}
    assert rules.acknowledged(urgent, at(1), "staff:n1", None) == {}
    assert rules.arrived(urgent, at(1), "staff:n1") == {}


def test_both_outcomes_are_kept() -> None:
    """Two carts have ended the call: neither word is lost."""
    ended = call() | rules.resolved(call(), at(1), "staff:n1", "water")

    assert (ended | rules.resolved(ended, at(2), "staff:n2", "pillow"))["outcome"] == "water; pillow"


def test_no_walk_of_reports_leaves_the_table() -> None:
    """Every state and every report of staff have a move."""
    for state in ("raised", "acknowledged", "arrived", "resolved", "cancelled"):
        for kind in ("call.acknowledge", "call.arrive", "call.resolve"):
            assert (state, kind) in rules.MOVES
