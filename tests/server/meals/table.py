"""Meals in the small ward: what a patient orders at the bed, and how it stands. It is Wednesday, 10:00."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from server.db import Database
from server.meals.round import MealRound
from server.money.standing import Expectation
from server.record.models import RecordRow
from server.record.service import record_called, records_of
from tests.server.orders.ward import DOCTOR, do
from tests.server.wards import NURSE, STAY_1, SmallWard, Speaker
from wardlink.clinical.meals.returns import reason_text
from wardlink.clinical.meals.times import Meal, Slot
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.commands import Command
from wardlink.messages.meals import MealStep, MealView
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


def put(
    db: Database, end: str, day: int, slot: Meal, place: str, diets: Any, eaten: int | None, stay: str = STAY_1
) -> MealView:
    """A meal with this end, so many days from today, as it stands in the record of a ward."""
    found = Slot(TODAY + timedelta(days=day), slot)
    at, by = found.served_at, Actor(kind="patient", id=stay)

    def step(what: str, reason: str | None = None) -> MealStep:
        return MealStep(command=new_id(), what=what, at=at, by=by, reason=reason)

    is_back = end in ("away", "wrong-diet", "other")
    steps = [step("order"), *([] if end in ("placed", "early") else [step("cook")])]
    steps += [step("return", "own words" if end == "other" else reason_text(end))] if is_back else []  # type: ignore[arg-type]
    state = "returned" if is_back else "cancelled" if end in ("late", "early") else end
    view = MealView.model_validate(
        {"id": new_id(), "encounter": stay, "on": found.on, "slot": slot, "state": state, "items": (), "by": by}
        | {"served_at": at, "placed_at": at, "diets": diets, "steps": tuple(steps)}
        | {"eaten_pct": eaten if end == "closed" else None}
    )
    values = {"kind": "meal", "id": view.id, "ward": place, "at": at, "state": state, "is_open": False}
    with db.write() as conn:
        conn.execute(insert(RecordRow).values(body=view.model_dump_json(exclude_none=True), **values))
    return view
