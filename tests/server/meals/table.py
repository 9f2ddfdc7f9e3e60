"""Meals in the small ward: what a patient orders at the bed, and how it stands. It is Wednesday, 10:00."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection

from server.meals.round import MealRound
from server.money.standing import Expectation
from server.record.service import record_called, records_of
from tests.server.orders.ward import DOCTOR, do
from tests.server.wards import NURSE, STAY_1, SmallWard, Speaker
from wardlink.messages.base import Actor
from wardlink.messages.commands import Command
from wardlink.messages.meals import MealView
from wardlink.messages.receipts import Receipt
from wardlink.record.meals import MEAL

TODAY, TOMORROW = date(2026, 11, 25), date(2026, 11, 26)
PATIENT = Actor(kind="patient", id=STAY_1)


def nothing_expected(_conn: Connection, _encounter: str) -> int:
    """No insurance."""
    return 0


def laid(ward: SmallWard, expected: Expectation = nothing_expected) -> MealRound:
    """The round of a ward that has its menu; `expected`: what insurances are expected to pay."""
    found = MealRound(ward.core, None, expected)
    found.tell_menu()
    return found


def asks(speaker: Speaker, kind: str, by: Actor = PATIENT, stay: str = STAY_1, **body: Any) -> Command:
    """Somebody asks for something about a meal."""
    if kind == "meal.order":
        body = {"on": TODAY.isoformat(), "slot": "dinner"} | body
    return speaker.command(kind, body, encounter=stay, actor=by)


def ordered(ward: SmallWard, *dishes: str, **where: Any) -> str:
    """A meal that was taken; its id."""
    command = asks(ward.terminal, "meal.order", dishes=dishes or ("RD3",), **where)
    receipt = ward.answer(command)
    assert receipt.outcome == "applied", receipt
    return command.id


def refused(ward: SmallWard, command: Command) -> Receipt:
    """The answer to a request that is refused."""
    receipt = ward.answer(command)
    assert receipt.outcome == "refused"
    return receipt


def meal(ward: SmallWard, name: str) -> MealView:
    """A meal as it stands."""
    with ward.db.read() as conn:
        found = record_called(conn, MEAL, name)
    assert found is not None
    return found[1]


def meals(ward: SmallWard, stay: str = STAY_1) -> list[MealView]:
    """The meals of a stay in the order in which they are served."""
    with ward.db.read() as conn:
        return records_of(conn, MEAL, encounter=stay)


def says_doctor(ward: SmallWard, category: str, text: str, **when: Any) -> str:
    """An order in words; its id."""
    body = {
        "kind": "temporary",
        "category": category,
        "text": text,
        "frequency": "once",
        "start_at": ward.clock.now().isoformat(),
    }
    return do(ward, "order.issue", body | when, by=DOCTOR).id


def nurse_says(ward: SmallWard, kind: str, **body: Any) -> Receipt:
    """What a nurse enters on the cart."""
    return ward.answer(ward.cart.command(kind, body, encounter=STAY_1, actor=NURSE))
