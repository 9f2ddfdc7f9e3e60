"""HTTP that repairs what MQTT has not told: the changes since a number, or a snapshot."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from server.changes import MAX_RANGE, read_range, render_range
from server.core import Core
from server.http import CoreOf, DeviceOf
from server.identity.models import Device
from server.snapshot import render_snapshot
from wardlink.errors import NotAllowed, WardlinkError
from wardlink.i18n import N_

router = APIRouter(prefix="/api/v1", tags=["sync"])

SNAPSHOT_SHORTER_AFTER = 20_000
"""Further behind than this many changes a snapshot is the shorter way."""


class SnapshotShorter(WardlinkError):
    """The device is so far behind that it shall take a snapshot."""

    status = 410
    code = "snapshot-shorter"
    sentence = N_("This device is far behind. It takes a fresh copy.")


def _hears(device: Device, ward: str, bed: str | None) -> None:
    if device.ward != ward or (device.kind == "terminal" and device.bed != bed) or device.kind in ("monitor", "room"):
        raise NotAllowed


def _changes(core: Core, device: Device, ward: str, bed: str | None, after: int, limit: int) -> Response:
    _hears(device, ward, bed)
    with core.db.read() as conn:
        found = read_range(conn, ward, after, limit=limit, bed=bed)
        if limit and found.more and core.head_of(conn, ward) - after > SNAPSHOT_SHORTER_AFTER:
            raise SnapshotShorter
    if found.rows:
        what = f"ward {ward} bed {bed or 'all'} changes {found.after}-{found.upto}"
        core.audit("changes", actor=f"device:{device.id}", device=device.id, what=what)
    return Response(render_range(found, core.clock.now()), media_type="application/json")


def _snapshot(core: Core, device: Device, ward: str, bed: str | None) -> Response:
    _hears(device, ward, bed)
    with core.db.read() as conn:
        body = render_snapshot(conn, ward, core.clock.now(), bed=bed)
    core.audit("snapshot", actor=f"device:{device.id}", device=device.id, what=f"ward {ward} bed {bed or 'all'}")
    return Response(body, media_type="application/json")


After = Annotated[int, Query(ge=0)]
Limit = Annotated[int, Query(ge=0, le=MAX_RANGE)]


@router.get("/wards/{ward}/changes", summary="What has changed in a ward since a number")
def ward_changes(core: CoreOf, device: DeviceOf, ward: str, after: After = 0, limit: Limit = MAX_RANGE) -> Response:
    """For carts; 410 `snapshot-shorter` when the snapshot is the shorter way. Audited where it tells something."""
    return _changes(core, device, ward, None, after, limit)


@router.get("/wards/{ward}/snapshot", summary="A ward as it is now")
def ward_snapshot(core: CoreOf, device: DeviceOf, ward: str) -> Response:
    """For carts. Audited as one read of the ward's patients."""
    return _snapshot(core, device, ward, None)


@router.get("/wards/{ward}/beds/{bed}/changes", summary="What has changed at one bed since a number")
def bed_changes(
    core: CoreOf, device: DeviceOf, ward: str, bed: str, after: After = 0, limit: Limit = MAX_RANGE
) -> Response:
    """For the terminal of that bed only."""
    return _changes(core, device, ward, bed, after, limit)


@router.get("/wards/{ward}/beds/{bed}/snapshot", summary="One bed as it is now")
def bed_snapshot(core: CoreOf, device: DeviceOf, ward: str, bed: str) -> Response:
    """For the terminal of that bed only. Audited as a read."""
    return _snapshot(core, device, ward, bed)
