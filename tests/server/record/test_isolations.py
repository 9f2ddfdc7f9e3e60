"""Isolations on the server: each pair of what two carts said about one patient, and which of them a person must see."""

from __future__ import annotations

from typing import Literal

import pytest

from server.record.service import open_of, records_of
from tests.server.wards import OTHER_NURSE, STAY_1, SmallWard
from wardlink.messages.base import Message
from wardlink.messages.isolations import EndIsolation, IsolationView, StartIsolation, StrikeIsolation
from wardlink.record.isolations import ISOLATION

Act = Literal["contact", "airborne", "end", "strike"]

CASES: dict[tuple[Act, Act], tuple[int, list[str]]] = {
    ("contact", "contact"): (2, ["isolation-differs"]),
    ("contact", "airborne"): (2, []),
    ("end", "end"): (0, ["isolation-differs"]),
    ("end", "strike"): (0, []),
    ("strike", "end"): (0, ["isolation-differs"]),
    ("strike", "strike"): (0, []),
    ("end", "contact"): (1, []),
    ("contact", "end"): (1, ["isolation-differs"]),
}
"""What the server heard first, and what an offline cart had done: how many hold then, and what a person must see."""


def said(first: str, act: Act) -> tuple[str, Message]:
    """A command about the isolation `first`, or a new one."""
    if act == "end":
        return "isolation.end", EndIsolation(isolation=first, reason="cultures negative")
    if act == "strike":
        return "isolation.strike", StrikeIsolation(isolation=first, reason="wrong patient")
    return "isolation.start", StartIsolation(precaution=act, reason="MRSA")


def held(ward: SmallWard) -> list[IsolationView]:
    """What holds now."""
    with ward.db.read() as conn:
        return open_of(conn, ISOLATION, [STAY_1])


@pytest.mark.parametrize("pair", CASES)
def test_every_pair_is_kept_and_two_stories_go_to_a_person(ward: SmallWard, pair: tuple[Act, Act]) -> None:
    """Nothing is merged; while a person looks the patient stays isolated rather than not."""
    holds, kinds = CASES[pair]
    first = ward.cart.command("isolation.start", StartIsolation(precaution="contact", reason="MRSA"), encounter=STAY_1)
    ward.take(first)
    heard, offline = pair
    if heard != "contact":
        ward.take(ward.cart.command(*said(first.id, heard), encounter=STAY_1))
    if pair == ("contact", "end"):  # ended and begun anew meanwhile
        ward.take(ward.cart.command(*said(first.id, "end"), encounter=STAY_1))
        ward.take(ward.cart.command(*said(first.id, "contact"), encounter=STAY_1))
    told = ward.cart_2.command(*said(first.id, offline), encounter=STAY_1, actor=OTHER_NURSE)

    once, again = ward.answer(told), ward.answer(told)

    assert (once.outcome, again.outcome, again.seq) == ("applied", "already-applied", once.seq)
    assert len(held(ward)) == holds
    assert [row.kind for row in ward.exceptions()] == kinds


def test_a_case_tells_both_stories(ward: SmallWard) -> None:
    """Who, when, and on which cart; who ended it first stays in the record."""
    first = ward.cart.command("isolation.start", StartIsolation(precaution="droplet", reason="flu"), encounter=STAY_1)
    ward.take(first, ward.cart.command(*said(first.id, "end"), encounter=STAY_1))
    ward.clock.advance(60)
    ward.take(ward.cart_2.command(*said(first.id, "end"), encounter=STAY_1, actor=OTHER_NURSE))

    with ward.db.read() as conn:
        (kept,) = records_of(conn, ISOLATION)
    (case,) = ward.exceptions()
    assert (kept.ended_by_name, kept.ended_device) == ("李静", "c1")
    assert (case.detail["act"], case.detail["on_device"]) == ("end-isolation", "c2")
    assert (case.detail["other_done_by"], case.detail["other_on_device"]) == ("李静", "c1")


def test_only_staff_may_isolate(ward: SmallWard) -> None:
    """A cart by itself isolates nobody."""
    body = StartIsolation(precaution="contact", reason="MRSA")
    alone = ward.cart.command("isolation.start", body, encounter=STAY_1, actor={"kind": "device", "id": "c1"})

    assert ward.answer(alone).code == "not-allowed"
    assert held(ward) == []
