"""Devices over HTTP: enrol, revoke, and list with what was last heard of each."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from server.core import Core
from server.http import CoreOf, staff_with
from server.identity import audit, devices
from server.identity.devices import DeviceEntry
from server.identity.staff import Person
from wardlink.credential import DeviceKind, as_json

router = APIRouter(prefix="/api/v1/devices", tags=["devices"])

Admin = Annotated[Person, Depends(staff_with("device.manage"))]


class NewDevice(BaseModel):
    """A device to enrol. `again`: it is there already and shall have a new secret."""

    id: str = Field(max_length=40)
    kind: DeviceKind
    name: str = Field(max_length=200)
    ward: str = Field(max_length=40)
    bed: str | None = Field(default=None, max_length=40)
    again: bool = False


class DeviceState(BaseModel):
    """A device, and what it last said of itself since the server's start."""

    id: str
    kind: str
    name: str
    ward: str
    bed: str | None
    enrolled_at: datetime
    revoked_at: datetime | None
    last_seen_at: datetime | None
    online: bool
    outbox: int | None
    refused: int | None
    seq: int | None
    clock_offset_s: float | None
    version: str | None


class DevicePage(BaseModel):
    """Part of a list; ask again with `after` = `next` while it is set."""

    items: list[DeviceState]
    next: str | None = None


@router.get("", summary="Devices and their state")
def listed(
    core: CoreOf,
    _admin: Admin,
    ward: Annotated[str | None, Query(max_length=40)] = None,
    revoked: bool = True,
    after: Annotated[str, Query(max_length=40)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> DevicePage:
    """By id."""
    with core.db.read() as conn:
        found = devices.listed(conn, ward=ward, after=after, limit=limit + 1, revoked=revoked)
    items = [_state(core, entry) for entry in found[:limit]]
    return DevicePage(items=items, next=items[-1].id if len(found) > limit else None)


@router.post("", summary="Enrol a device", status_code=201)
def enrol(core: CoreOf, request: Request, admin: Admin, body: NewDevice) -> dict[str, Any]:
    """Answers the credential file: the only copy of the secret there is."""
    admin.demand("device.manage", body.ward)
    with core.db.write() as conn:
        made = devices.enrol(
            conn,
            id=body.id,
            kind=body.kind,
            name=body.name,
            ward=body.ward,
            bed=body.bed,
            now=core.clock.now(),
            addresses=request.app.state.running.addresses(),
            again=body.again,
        )
        audit.note(core, conn, admin, "device-enrolled", f"device {made.device}", ward=made.ward, bed=made.bed)
    core.devices_changed()
    return as_json(made)


@router.post("/{id}/revoke", summary="Take a device's rights away", status_code=204)
def revoke(core: CoreOf, admin: Admin, id: str) -> Response:
    """Its connection to the broker ends, its secret is worth nothing; what it sent stays."""
    with core.db.write() as conn:
        if devices.revoke(conn, id, now=core.clock.now()):
            audit.note(core, conn, admin, "device-revoked", f"device {id}")
    core.devices_changed()
    return Response(status_code=204)


def _state(core: Core, entry: DeviceEntry) -> DeviceState:
    seen = core.fleet.state(entry.id)
    heard = [at for at in (entry.last_seen_at, seen and seen.heard_at) if at]
    said = seen.status if seen else None
    return DeviceState(
        **{
            **entry.__dict__,
            "last_seen_at": max(heard, default=None),
            "online": seen is not None and not seen.silent(core.clock.monotonic_s()),
            **{name: getattr(said, name, None) for name in ("outbox", "refused", "seq", "clock_offset_s", "version")},
        }
    )
