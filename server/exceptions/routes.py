"""Exceptions over HTTP: what waits for a person, and a person's word on it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from server.exceptions.service import exception_called, exceptions_of
from server.http import CoreOf, StaffOf, staff_with
from server.identity.staff import Person
from wardlink.errors import NotFound
from wardlink.ids import Id, Slug
from wardlink.messages.exceptions import CloseException, ExceptionView

router = APIRouter(prefix="/api/v1", tags=["exceptions"])

Reader = Annotated[Person, Depends(staff_with("ward.read"))]


class Page(BaseModel):
    """Part of a list; ask again with `offset` = `next` while it is set."""

    items: list[ExceptionView]
    next: int | None = None


class Closing(BaseModel):
    """What was done about it. `command`: send the same one again after a lost answer."""

    reason: str = Field(min_length=1, max_length=500)
    command: Id | None = None


@router.get("/wards/{ward}/exceptions", summary="Facts that collided in a ward")
def listed(
    core: CoreOf,
    reader: Reader,
    ward: Slug,
    closed: bool = False,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page:
    """The open ones, oldest first; or the closed ones, newest first."""
    with core.db.read() as conn:
        items = exceptions_of(conn, ward, closed=closed, limit=limit + 1, offset=offset)
    core.audit("list", actor=str(reader.actor), what=f"exceptions of ward {ward}")
    return Page(items=items[:limit], next=offset + limit if len(items) > limit else None)


@router.post("/exceptions/{exception}/close", summary="Say what was done about an exception")
def close(core: CoreOf, person: StaffOf, exception: Id, body: Closing) -> ExceptionView:
    """Of two people who close it the first one's word stands, and the other's is kept."""
    with core.db.read() as conn:
        found = exception_called(conn, exception)
    if found is None:
        person.demand("exception.close")
        raise NotFound(what="exception", name=exception)
    ward = found[0]
    person.demand("exception.close", ward)
    said = CloseException(exception=exception, reason=body.reason)
    core.execute("exception.close", said, ward=ward, actor=person.actor, command_id=body.command)
    with core.db.read() as conn:
        after = exception_called(conn, exception)
    if after is None:
        raise NotFound(what="exception", name=exception)
    return after[1]
