"""Parked messages over HTTP, for whoever looks after the devices. Every look is audited: they may hold readings."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from server.core import Core
from server.http import CoreOf, StaffOf
from server.identity import audit
from server.identity.roles import EVERYWHERE
from server.identity.staff import Person
from server.parked import service
from server.parked.service import ParkedMessage
from wardlink.messages.receipts import Receipt

router = APIRouter(prefix="/api/v1/parked", tags=["parked messages"])

_MOST = 2**31 - 1
Number = Annotated[int, Path(ge=1, le=_MOST)]


class Parked(BaseModel):
    """A message that could not be taken in, without what it says."""

    id: int
    received_at: datetime
    topic: str
    ward: str | None
    device: str | None
    command: str | None
    code: str
    reason: str
    size: int
    times: int
    closed_at: datetime | None
    closed_by: str | None
    closed_reason: str | None


class Whole(Parked):
    """The same with every byte of it: as text where it is text, and in base64."""

    text: str | None
    base64: str


class Page(BaseModel):
    """Part of a list; ask again with `before` = `next` while it is set."""

    items: list[Parked]
    next: int | None = None


class Closing(BaseModel):
    """How it was dealt with."""

    reason: str = Field(min_length=1, max_length=500, pattern=r"^[^\x00]*$")


@router.get("", summary="Messages that could not be taken in")
def listed(
    core: CoreOf,
    person: StaffOf,
    closed: bool = False,
    before: Annotated[int | None, Query(ge=1, le=_MOST)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page:
    """Of the wards of the one who asks, the latest first."""
    person.demand("parked.handle")
    wards = None if person.role in EVERYWHERE else person.wards
    with core.db.read() as conn:
        items = service.listed(conn, wards=wards, closed=closed, before=before, limit=limit + 1)
    shown = [Parked(**_shown(item)) for item in items[:limit]]
    return Page(items=shown, next=shown[-1].id if len(items) > limit else None)


@router.get("/{id}", summary="One of them whole")
def one(core: CoreOf, person: StaffOf, id: Number) -> Whole:
    """With what it says."""
    found = _of(core, person, id)
    core.audit("view", actor=str(person.actor), what=f"parked {id}")
    try:
        text = found.payload.decode()
    except UnicodeDecodeError:
        text = None
    return Whole(**_shown(found), text=text, base64=base64.b64encode(found.payload).decode())


@router.post("/{id}/close", summary="It was dealt with in another way")
def close(core: CoreOf, person: StaffOf, id: Number, body: Closing) -> Parked:
    """It is kept, with the reason."""
    _of(core, person, id)
    with core.db.write() as conn:
        service.close(conn, id, by=str(person.actor), reason=body.reason, at=core.clock.now())
        audit.note(core, conn, person, "parked-closed", f"parked {id}", reason=body.reason)
        return Parked(**_shown(service.one(conn, id)))


@router.post("/{id}/retry", summary="Take it in now")
def retry(core: CoreOf, person: StaffOf, id: Number) -> Receipt:
    """After its cause was removed. If it still cannot be taken in, the reason is the answer and nothing has changed."""
    _of(core, person, id)
    return service.retry(core, id, by=str(person.actor))


def _of(core: Core, person: Person, id: int) -> ParkedMessage:
    person.demand("parked.handle")
    with core.db.read() as conn:
        found = service.one(conn, id)
    person.demand("parked.handle", found.ward)
    return found


def _shown(found: ParkedMessage) -> dict[str, object]:
    names = Parked.model_fields.keys() - {"size"}
    return {name: getattr(found, name) for name in names} | {"size": len(found.payload)}
