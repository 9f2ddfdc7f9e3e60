"""Every device of the wards: whether it lives, what it still holds, and how far behind it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select
from sqlmodel import col

from server.core import Core
from server.dashboard import PREFIX
from server.dashboard.load import KnownDevice, read_devices
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.words import KINDS, NOTHING, online_text, word
from server.fleet import DeviceSeen
from server.identity.models import Device
from server.patients.models import Ward
from wardlink.i18n import domain

_ = domain("server").gettext

DRIFT_S = 2.0
"""A clock further off than this is shown as off. A default of this product."""

BEHIND = 50
"""A replica more changes behind than this is shown as behind: it should be on its way. A default of this product."""


def sheet(core: Core, wards: Collection[str], *, linked: bool = False) -> Sheet:
    """The devices of these wards, in the order of wards and beds; `linked`: each leads to its page."""
    with core.db.read() as conn:
        devices = [device for device in read_devices(conn) if device.ward in wards]
        heads = {row.id: row.seq for row in conn.execute(select(col(Ward.id), col(Ward.seq)))}
        noted = _noted(conn)
    now_s = core.clock.monotonic_s()
    rows = (_row(device, core.fleet.state(device.id), heads, noted.get(device.id), now_s) for device in devices)
    found = tuple(replace(row, cells={**row.cells, "name": _way(row)}) for row in rows) if linked else tuple(rows)
    return Sheet(columns(), found)


def _way(row: Row) -> Cell:
    return replace(row.cells["name"], href=f"{PREFIX}/fleet/{row.key}")


def columns() -> tuple[Column, ...]:
    """The columns, in the language of this context."""
    return (
        Column("name", _("Device")),
        Column("kind", _("Kind")),
        Column("ward", _("Ward")),
        Column("bed", _("Bed")),
        Column("state", _("State")),
        Column("heard", _("Last heard")),
        Column("outbox", _("Unsent"), "number"),
        Column("refused", _("Refused"), "number"),
        Column("drift", _("Clock off by (s)"), "number"),
        Column("behind", _("Changes behind"), "number"),
        Column("version", _("Software")),
    )


def _noted(conn: Connection) -> dict[str, datetime]:
    rows = conn.execute(select(col(Device.id), col(Device.last_seen_at)).where(col(Device.last_seen_at).is_not(None)))
    return {device: at for device, at in rows if at is not None}


def _row(
    device: KnownDevice, seen: DeviceSeen | None, heads: dict[str, int], noted: datetime | None, now_s: float
) -> Row:
    online = None if seen is None else not seen.silent(now_s)
    cells = {
        "name": Cell(f"{device.name} ({device.id})"),
        "kind": Cell(word(KINDS, device.kind)),
        "ward": Cell(device.ward),
        "bed": Cell(device.bed or NOTHING),
        "state": Cell(online_text(online), {None: "muted", True: "good", False: "bad"}[online], live=True),
        "heard": _heard(seen, noted),
    }
    if seen is None:
        cells |= {name: Cell(NOTHING) for name in ("outbox", "refused", "drift", "behind", "version")}
    else:
        status = seen.status
        # A terminal hears of its bed alone and a monitor of nothing: only a cart's copy should be at the head.
        follows = device.kind == "cart" and status.seq is not None
        behind = max(0, heads.get(device.ward, 0) - (status.seq or 0)) if follows else None
        cells |= {
            "outbox": _count(status.outbox, warm_over=0),
            "refused": _count(status.refused, warm_over=0),
            "drift": _drift(status.clock_offset_s),
            "behind": _count(behind, warm_over=BEHIND),
            "version": Cell(status.version or NOTHING),
        }
    return Row(device.id, cells, "")


def _heard(seen: DeviceSeen | None, noted: datetime | None) -> Cell:
    at = seen.heard_at if seen is not None and seen.heard_at is not None else noted
    return Cell(_("never")) if at is None else Cell(at=at)


def _count(count: int | None, *, warm_over: int) -> Cell:
    return Cell(NOTHING) if count is None else Cell(str(count), "warm" if count > warm_over else "")


def _drift(offset_s: float | None) -> Cell:
    if offset_s is None:
        return Cell(NOTHING)
    tenths = round(offset_s, 1)
    return Cell(f"{tenths:+.1f}" if tenths else "0.0", "warm" if abs(offset_s) > DRIFT_S else "")
