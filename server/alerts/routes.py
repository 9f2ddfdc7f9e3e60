"""Alerts over HTTP: what asks for a person in a ward, what was dealt with, and a person's word on it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from server.core import Core
from server.http import CoreOf, StaffOf, staff_with
from server.identity.roles import Role
from server.identity.staff import Person
from server.record.service import record_called, records_of
from wardlink.errors import NotFound
from wardlink.ids import Id, Slug
from wardlink.messages.alerts import (
    AcceptAlert,
    AlertView,
    ArriveAtAlert,
    HandOnAlert,
    OfAlert,
    RefuseAlert,
    ResolveAlert,
)
from wardlink.record.alerts import ALERT

router = APIRouter(prefix="/api/v1", tags=["alerts"])

Reader = Annotated[Person, Depends(staff_with("ward.read"))]
Words = Annotated[str, Field(min_length=1, max_length=200)]


class Page(BaseModel):
    """Part of a list; ask again with `offset` = `next` while it is set."""

    items: list[AlertView]
    next: int | None = None


class Said(BaseModel):
    """A word on an alert. `command`: send the same one again after a lost answer."""

    command: Id | None = None


class Accepting(Said):
    """Seeing to it; in how many minutes."""

    eta_min: int | None = Field(default=None, ge=0, le=120)


class Refusing(Said):
    """Why it must be somebody else."""

    reason: Words


class HandingOn(Said):
    """To which role besides, and why."""

    to: Role
    reason: Words


class Resolving(Said):
    """What was done."""

    outcome: Words


@router.get("/wards/{ward}/alerts", summary="What asks for a person in a ward")
def listed(
    core: CoreOf,
    reader: Reader,
    ward: Slug,
    state: Literal["open", "resolved"] = "open",
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page:
    """The open ones, oldest first; or those that were dealt with, newest first."""
    with core.db.read() as conn:
        items = records_of(
            conn,
            ALERT,
            ward=ward,
            only_open=state == "open",
            states=() if state == "open" else ("resolved",),
            newest_first=state == "resolved",
            limit=limit + 1,
            offset=offset,
        )
    core.audit("list", actor=str(reader.actor), what=f"alerts of ward {ward}")
    return Page(items=items[:limit], next=offset + limit if len(items) > limit else None)


@router.post("/alerts/{alert}/accept", summary="See to an alert")
def accept(core: CoreOf, person: StaffOf, alert: Id, body: Accepting) -> AlertView:
    """Of two who take it the earlier one has it."""
    return _say(core, person, "alert.accept", AcceptAlert(alert=alert, eta_min=body.eta_min), body)


@router.post("/alerts/{alert}/refuse", summary="Leave an alert to somebody else")
def refuse(core: CoreOf, person: StaffOf, alert: Id, body: Refusing) -> AlertView:
    """It stays with everybody else it was offered to."""
    return _say(core, person, "alert.refuse", RefuseAlert(alert=alert, reason=body.reason), body)


@router.post("/alerts/{alert}/hand-on", summary="Give an alert to another role besides")
def hand_on(core: CoreOf, person: StaffOf, alert: Id, body: HandingOn) -> AlertView:
    """Nobody who has it already is relieved."""
    return _say(core, person, "alert.hand-on", HandOnAlert(alert=alert, to=body.to, reason=body.reason), body)


@router.post("/alerts/{alert}/arrive", summary="Be where an alert comes from")
def arrive(core: CoreOf, person: StaffOf, alert: Id, body: Said) -> AlertView:
    """Nobody else is asked while somebody is there."""
    return _say(core, person, "alert.arrive", ArriveAtAlert(alert=alert), body)


@router.post("/alerts/{alert}/resolve", summary="Say what was done about an alert")
def resolve(core: CoreOf, person: StaffOf, alert: Id, body: Resolving) -> AlertView:
    """It comes again where its cause lasts."""
    return _say(core, person, "alert.resolve", ResolveAlert(alert=alert, outcome=body.outcome), body)


def _say(core: Core, person: Person, kind: str, said: OfAlert, body: Said) -> AlertView:
    ward, before = _called(core, person, said.alert)
    person.demand("alert.answer", ward)
    core.execute(
        kind,
        said,
        ward=ward,
        actor=person.actor,
        encounter=before.encounter,
        bed=before.bed,
        command_id=body.command,
    )
    return _called(core, person, said.alert)[1]


def _called(core: Core, person: Person, alert: str) -> tuple[str, AlertView]:
    with core.db.read() as conn:
        found = record_called(conn, ALERT, alert)
    if found is None:
        person.demand("alert.answer")
        raise NotFound(what="alert", name=alert)
    return found
