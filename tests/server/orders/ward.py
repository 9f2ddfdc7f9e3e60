"""Orders in the small ward, on their whole way, and a cart that gives doses without a network."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from server.record.service import record_called, records_of
from tests.server.wards import DESK, NURSE, OTHER_NURSE, STAY_1, SmallWard, Speaker
from wardlink.messages.base import Actor
from wardlink.messages.bodies import BODIES
from wardlink.messages.commands import Command
from wardlink.messages.doses import DoseView
from wardlink.messages.orders import OrderView
from wardlink.messages.receipts import Receipt
from wardlink.record.doses import DOSE
from wardlink.record.orders import ORDER

DOCTOR = Actor(kind="staff", id="d1")
SCANS = (
    {"what": "wristband", "code": STAY_1, "at": "2026-11-25T02:00:00Z"},
    {"what": "bag", "code": "bag", "at": "2026-11-25T02:00:00Z"},
)


def tid(ward: SmallWard, drug: str = "aspirin-100mg", **decided: Any) -> dict[str, Any]:
    """An order of a tablet three times a day, from two hours ago on: due at 12:00 and 16:00 of the ward's day."""
    start_at = ward.clock.now() - timedelta(hours=2)
    return {
        "kind": "standing",
        "category": "drug",
        "items": [{"drug": drug, "dose": 1, "unit": "片"}],
        "route": "po",
        "frequency": "tid",
        "start_at": start_at.isoformat(),
    } | decided


def do(ward: SmallWard, kind: str, body: Mapping[str, Any], *, by: Actor = DOCTOR, encounter: str = STAY_1) -> Receipt:
    """What somebody does at the server."""
    return ward.core.execute(kind, BODIES[kind].model_validate(body), ward="w1", actor=by, encounter=encounter)


def issued(ward: SmallWard, **decided: Any) -> str:
    """An order that a doctor has signed; its id."""
    return do(ward, "order.issue", tid(ward) | decided).id


def active(ward: SmallWard, **decided: Any) -> str:
    """An order that is carried out; its id."""
    order = issued(ward, **decided)
    do(ward, "order.review", {"order": order, "accepted": True}, by=DESK)
    do(ward, "order.check", {"order": order, "step": "transcribed"}, by=NURSE)
    do(ward, "order.check", {"order": order, "step": "checked"}, by=OTHER_NURSE)
    return order


def order(ward: SmallWard, name: str) -> OrderView:
    """An order as it stands."""
    with ward.db.read() as conn:
        found = record_called(conn, ORDER, name)
    assert found is not None
    return found[1]


def doses(ward: SmallWard, name: str) -> list[DoseView]:
    """The doses of an order, the earliest first."""
    with ward.db.read() as conn:
        return [dose for dose in records_of(conn, DOSE, encounter=order(ward, name).encounter) if dose.order == name]


def gives(cart: Speaker, dose: DoseView, kind: str = "dose.give", **more: Any) -> Command:
    """A cart reports something about a dose, now."""
    body: dict[str, Any] = {"dose": dose.id, "order": dose.order, "items": [i.model_dump() for i in dose.items]}
    if dose.due_at is not None:
        body["due_at"] = dose.due_at.isoformat()
    if kind in ("dose.give", "dose.start"):
        body["scans"] = SCANS
    actor = more.pop("actor", NURSE)
    return cart.command(kind, body | more, encounter=dose.encounter, actor=actor)
