"""Who works here: list, add, end, and give new PINs. Every act is audited in the transaction that does it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field, SecretStr

from server.http import CoreOf, staff_with
from server.identity import audit, sessions, staff
from server.identity.staff import Person, StaffEntry
from wardlink.errors import InvalidInput
from wardlink.i18n import N_

router = APIRouter(prefix="/api/v1/staff", tags=["staff"])

_YOURSELF = N_("You cannot end your own access. Ask somebody else with this right.")

Admin = Annotated[Person, Depends(staff_with("staff.manage"))]


class NewStaff(BaseModel):
    """Somebody to add."""

    id: str = Field(max_length=40)
    name: str = Field(max_length=200)
    role: str = Field(max_length=20)
    badge: str = Field(max_length=40)
    pin: SecretStr = Field(max_length=12)
    wards: tuple[str, ...] = ()


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
    _admin: Admin,
    text: Annotated[str, Query(max_length=60, description="Part of an id or a name, or a badge.")] = "",
    active: bool | None = None,
    after: Annotated[str, Query(max_length=40)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> StaffPage:
    """By id; search by part of the id or name, or by the whole badge."""
    with core.db.read() as conn:
        items = staff.listed(conn, text=text.strip(), after=after, limit=limit + 1, active=active)
    return StaffPage(items=items[:limit], next=items[limit - 1].id if len(items) > limit else None)


@router.post("", summary="Add somebody", status_code=201)
def add(core: CoreOf, admin: Admin, body: NewStaff) -> StaffEntry:
    """Ids and badges are given once and never again to somebody else."""
    pin_hash = staff.hashed(body.pin.get_secret_value())
    with core.db.write() as conn:
        entry = staff.add(
            conn, id=body.id, name=body.name, role=body.role, badge=body.badge, pin_hash=pin_hash, wards=body.wards
        )
        audit.note(core, conn, admin, "staff-added", f"staff {entry.id}", role=entry.role, wards=list(entry.wards))
    core.devices_changed()
    return entry


@router.post("/{id}/pin", summary="Give a new PIN", status_code=204)
def new_pin(core: CoreOf, admin: Admin, id: str, body: NewPin) -> Response:
    """The person is signed out everywhere."""
    pin_hash = staff.hashed(body.pin.get_secret_value())
    with core.db.write() as conn:
        staff.set_pin(conn, id, pin_hash)
        sessions.end_all(conn, id)
        audit.note(core, conn, admin, "staff-pin", f"staff {id}")
    return Response(status_code=204)


@router.post("/{id}/deactivate", summary="End somebody's access", status_code=204)
def deactivate(core: CoreOf, admin: Admin, id: str) -> Response:
    """The person is signed out everywhere; what they did keeps their name."""
    if id == admin.id:
        raise InvalidInput(_YOURSELF)
    with core.db.write() as conn:
        staff.set_active(conn, id, False)
        sessions.end_all(conn, id)
        audit.note(core, conn, admin, "staff-deactivated", f"staff {id}")
    return Response(status_code=204)


@router.post("/{id}/activate", summary="Give access back", status_code=204)
def activate(core: CoreOf, admin: Admin, id: str) -> Response:
    """The person signs in with the PIN they had."""
    with core.db.write() as conn:
        staff.set_active(conn, id, True)
        audit.note(core, conn, admin, "staff-activated", f"staff {id}")
    return Response(status_code=204)
