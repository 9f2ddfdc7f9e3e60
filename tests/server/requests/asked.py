"""Requests in the small ward: what a patient asks for at the bed, and what the ward says of it."""

from __future__ import annotations

from typing import Any

from server.record.service import record_called, records_of
from tests.server.wards import DESK, NURSE, STAY_1, SmallWard, Speaker
from wardlink.messages.base import Actor
from wardlink.messages.commands import Command
from wardlink.messages.encounters import UpdateEncounter
from wardlink.messages.receipts import Receipt
from wardlink.messages.requests import RequestView
from wardlink.record.requests import REQUEST

PATIENT = Actor(kind="patient", id=STAY_1)


def asks(
    speaker: Speaker, category: str, code: str, *, by: Actor = PATIENT, stay: str = STAY_1, **body: Any
) -> Command:
    """A patient asks for something."""
    said = {"category": category, "code": code} | body
    return speaker.command("request.place", said, encounter=stay, actor=by)


def asked(ward: SmallWard, category: str = "repair", code: str = "lamp", **body: Any) -> str:
    """A request that was taken; its id."""
    command = asks(ward.terminal, category, code, **body)
    receipt = ward.answer(command)
    assert receipt.outcome == "applied", receipt
    return command.id


def says(ward: SmallWard, act: str, request: str, *, by: Actor = NURSE, **body: Any) -> Receipt:
    """What a nurse enters on the cart."""
    said = {"request": request} | body
    return ward.answer(ward.cart.command(f"request.{act}", said, encounter=STAY_1, actor=by))


def takes_back(ward: SmallWard, request: str) -> Receipt:
    """The patient cancels at the bed."""
    said = {"request": request}
    return ward.answer(ward.terminal.command("request.cancel", said, encounter=STAY_1, actor=PATIENT))


def stands(ward: SmallWard, name: str) -> RequestView:
    """A request as it stands."""
    with ward.db.read() as conn:
        found = record_called(conn, REQUEST, name)
    assert found is not None
    return found[1]


def requests(ward: SmallWard, stay: str = STAY_1) -> list[RequestView]:
    """The requests of a stay, the oldest first."""
    with ward.db.read() as conn:
        return records_of(conn, REQUEST, encounter=stay)


def decides(ward: SmallWard, **decided: Any) -> None:
    """Something about the first stay is decided anew."""
    ward.core.execute("encounter.update", UpdateEncounter(**decided), ward="w1", actor=DESK, encounter=STAY_1)
