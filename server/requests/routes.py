"""Requests over HTTP: what a ward's patients wait for, and what somebody at a desk says of it. Reads are audited.

Patients ask from their beds, by commands.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field, ValidationError

from server.http import CoreOf, StaffOf, staff_with
from server.identity.staff import Person
from server.patients.routes import known
from server.record.service import records_of
from server.requests.desk import DeskAct, say
from server.requests.reading import requests_of
from wardlink.clinical.requests.catalogue import Category
from wardlink.clinical.requests.states import OPEN, RequestState
from wardlink.errors import InvalidInput
from wardlink.i18n import N_
from wardlink.ids import Id, Slug
from wardlink.messages.requests import RequestView
from wardlink.record.requests import REQUEST

router = APIRouter(prefix="/api/v1", tags=["requests"])

Reader = Annotated[Person, Depends(staff_with("ward.read"))]


class Page(BaseModel):
    """Part of a list; ask again with `offset` = `next` while it is set."""

    items: list[RequestView]
    next: int | None = None


class Saying(BaseModel):
    """The answer, or why it is not possible."""

    text: str | None = Field(default=None, max_length=300)


@router.get("/wards/{ward}/requests", summary="What the patients of a ward have asked for")
def of_ward(
    core: CoreOf,
    reader: Reader,
    ward: Slug,
    category: Category | None = None,
    state: RequestState | None = None,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page:
    """Those that wait; or those of one state, the newest first where they are over."""
    reader.demand("ward.read", ward)
    states = OPEN if state is None else frozenset({state})
    with core.db.read() as conn:
        found = requests_of(conn, ward, category=category, states=states)
    core.audit("list", actor=str(reader.actor), what=f"requests of ward {ward}")
    items = found[offset : offset + limit]
    return Page(items=items, next=offset + limit if len(found) > offset + limit else None)


@router.get("/encounters/{encounter}/requests", summary="What was asked for in a stay")
def of_stay(core: CoreOf, reader: StaffOf, encounter: Id) -> list[RequestView]:
    """The oldest first."""
    with core.db.read() as conn:
        known(conn, encounter, reader, "ward.read")
        found = records_of(conn, REQUEST, encounter=encounter)
    core.audit("list", actor=str(reader.actor), what="requests", encounter=encounter)
    return found


@router.post("/requests/{request}/{act}", summary="Say what became of a request")
def act(core: CoreOf, person: StaffOf, request: Id, act: DeskAct, body: Saying) -> RequestView:
    """A rejection needs a reason, a question an answer; of two people the first one's word stands."""
    try:
        return say(core, person, request, act, body.text)
    except ValidationError as exc:
        raise InvalidInput(N_("Please write why: the patient reads it.")) from exc
