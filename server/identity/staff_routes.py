"""Who works here: list, add, end, and give new PINs. Every act is audited in the transaction that does it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field, SecretStr

from server.http import CoreOf, staff_with
from server.identity import staff, staff_acts
from server.identity.roles import EVERYWHERE
from server.identity.staff import Person, StaffEntry
from server.identity.staff_acts import Details

router = APIRouter(prefix="/api/v1/staff", tags=["staff"])

Admin = Annotated[Person, Depends(staff_with("staff.manage"))]


class NewStaff(BaseModel):
    """Somebody to add."""

    id: str = Field(max_length=40)
    name: str = Field(max_length=200)
    role: str = Field(max_length=20)
    badge: str = Field(max_length=40)
    pin: SecretStr = Field(max_length=12)
    wards: tuple[str, ...] = ()


class StaffChange(BaseModel):
    """Somebody as they shall be. `version`: of the entry that was seen."""

    name: str = Field(max_length=200)
    role: str = Field(max_length=20)
    badge: str = Field(max_length=40)
    wards: tuple[str, ...] = ()
    version: int = Field(ge=1)


class NewPin(BaseModel):
    """A PIN, to be changed by nobody but those who have the right."""

    pin: SecretStr = Field(max_length=12)


class StaffPage(BaseModel):
    """Part of a list; ask again with `after` = `next` while it is set."""

    items: list[StaffEntry]
    next: str | None = None


@router.get("", summary="Who works here")
def listed(
    core: CoreOf,
    admin: Admin,
    text: Annotated[str, Query(max_length=60, description="Part of an id or a name, or a badge.")] = "",
    active: bool | None = None,
    after: Annotated[str, Query(max_length=40)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> StaffPage:
    """By id; search by part of the id or name, or by the whole badge. A manager sees those of the own wards."""
    wards = None if admin.role in EVERYWHERE else admin.wards
    with core.db.read() as conn:
        items = staff.listed(conn, text=text.strip(), after=after, limit=limit + 1, active=active, wards=wards)
    return StaffPage(items=items[:limit], next=items[limit - 1].id if len(items) > limit else None)


@router.post("", summary="Add somebody", status_code=201)
def add(core: CoreOf, admin: Admin, body: NewStaff) -> StaffEntry:
    """Ids and badges are given once and never again to somebody else."""
    details = Details(body.name, body.role, body.badge, body.wards)
    return staff_acts.add(core, admin, body.id, details, body.pin.get_secret_value())


@router.put("/{id}", summary="Change somebody's name, role, badge or wards")
def change(core: CoreOf, admin: Admin, id: str, body: StaffChange) -> StaffEntry:
    """`version` is the one that was seen: if somebody has changed the person meanwhile, this is refused."""
    details = Details(body.name, body.role, body.badge, body.wards)
    return staff_acts.change(core, admin, id, details, version=body.version)


@router.post("/{id}/pin", summary="Give a new PIN", status_code=204)
def new_pin(core: CoreOf, admin: Admin, id: str, body: NewPin) -> Response:
    """The person is signed out everywhere."""
    staff_acts.new_pin(core, admin, id, body.pin.get_secret_value())
    return Response(status_code=204)


@router.post("/{id}/deactivate", summary="End somebody's access", status_code=204)
def deactivate(core: CoreOf, admin: Admin, id: str) -> Response:
    """The person is signed out everywhere; what they did keeps their name."""
    staff_acts.end(core, admin, id)
    return Response(status_code=204)


@router.post("/{id}/activate", summary="Give access back", status_code=204)
def activate(core: CoreOf, admin: Admin, id: str) -> Response:
    """The person signs in with the PIN they had."""
    staff_acts.give_back(core, admin, id)
    return Response(status_code=204)
