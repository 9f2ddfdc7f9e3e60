"""Devices of the wards: enrolled with a secret of their own, bound to a place, revoked when they are lost."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from pydantic import SecretStr
from sqlalchemy import Connection, Table, delete, insert, select, update

from server.broker.hashes import mosquitto_hash, nats_hash
from server.identity.models import Device, StaffSession
from server.patients.models import Bed, Ward
from server.words import plain
from wardlink import topics
from wardlink.credential import Credential, DeviceKind
from wardlink.errors import Collision, InvalidInput, NotFound
from wardlink.i18n import N_
from wardlink.ids import is_slug

_DEVICE: Table = Device.__table__  # type: ignore[attr-defined]
_SESSION: Table = StaffSession.__table__  # type: ignore[attr-defined]
_WARD: Table = Ward.__table__  # type: ignore[attr-defined]
_BED: Table = Bed.__table__  # type: ignore[attr-defined]

_BAD_ID = N_("A device id has lower-case letters, digits and inner hyphens, at most 40, and is not “server”.")
_NEEDS_BED = N_("A terminal stands at a bed: say which.")
_NO_BED = N_("A cart goes from bed to bed: it is not bound to one.")
_THERE = N_("The device {device} is enrolled already. Enrolling it again takes the secret of the old one away.")


@dataclass(frozen=True)
class Addresses:
    """Where devices find broker and server."""

    broker_host: str = "127.0.0.1"
    broker_port: int = 1883
    server_url: str = "http://127.0.0.1:8080"
    broker_tls: bool = False


@dataclass(frozen=True)
class DeviceEntry:
    """A line of the device list: nothing of its secret."""

    id: str
    kind: str
    name: str
    ward: str
    bed: str | None
    enrolled_at: datetime
    revoked_at: datetime | None
    last_seen_at: datetime | None


def enrol(
    conn: Connection,
    *,
    id: str,
    kind: DeviceKind,
    name: str,
    ward: str,
    bed: str | None = None,
    now: datetime,
    addresses: Addresses,
    again: bool = False,
) -> Credential:
    """Enrol a device and return its credential, the only copy of its secret.

    With `again` a device that is there, or was revoked, gets a new secret and perhaps a new place; its former
    secret is worth nothing from then on. A running server sees it within a few seconds.

    Raises:
        InvalidInput: one of these cannot be right.
        NotFound: there is no such ward or bed.
        Collision: it is enrolled already, and this was not said to be `again`.
    """
    if not is_slug(id) or id == topics.SERVER:
        raise InvalidInput(_BAD_ID)
    if kind == "terminal" and bed is None:
        raise InvalidInput(_NEEDS_BED)
    if kind == "cart" and bed is not None:
        raise InvalidInput(_NO_BED)
    name = plain(name, most=60)
    _check_place(conn, ward, bed)
    before = conn.execute(select(_DEVICE.c.revoked_at).where(_DEVICE.c.id == id)).first()
    if before is not None and before.revoked_at is None and not again:
        raise Collision(_THERE, device=id)
    secret = SecretStr(secrets.token_urlsafe(32))
    row = {
        "kind": kind,
        "name": name,
        "ward": ward,
        "bed": bed,
        "secret_sha256": hashlib.sha256(secret.get_secret_value().encode()).hexdigest(),
        "broker_hash": nats_hash(secret),
        "mosquitto_hash": mosquitto_hash(secret),
        "enrolled_at": now,
        "revoked_at": None,
    }
    if before is None:
        conn.execute(insert(_DEVICE).values(id=id, **row))
    else:
        conn.execute(update(_DEVICE).where(_DEVICE.c.id == id).values(**row))
    return Credential(
        device=id,
        kind=kind,
        name=name,
        ward=ward,
        bed=bed,
        secret=secret,
        broker_host=addresses.broker_host,
        broker_port=addresses.broker_port,
        broker_tls=addresses.broker_tls,
        server_url=addresses.server_url,
    )


def revoke(conn: Connection, device: str, *, now: datetime) -> bool:
    """Take a device's rights away and end the sessions opened at it; False if they were gone already.

    Raises:
        NotFound: there is no such device.
    """
    end_sessions(conn, device)
    done = conn.execute(
        update(_DEVICE).where(_DEVICE.c.id == device, _DEVICE.c.revoked_at.is_(None)).values(revoked_at=now)
    )
    if done.rowcount == 0 and conn.execute(select(_DEVICE.c.id).where(_DEVICE.c.id == device)).first() is None:
        raise NotFound(what="device", name=device[:40])
    return done.rowcount == 1


def restore(conn: Connection, device: str) -> bool:
    """Give a revoked device its rights back, with the secret that it had; False if it was not revoked."""
    there = (_DEVICE.c.id == device) & _DEVICE.c.revoked_at.is_not(None)
    return conn.execute(update(_DEVICE).where(there).values(revoked_at=None)).rowcount == 1


def end_sessions(conn: Connection, device: str) -> None:
    """End the sessions that were opened at a device."""
    conn.execute(delete(_SESSION).where(_SESSION.c.device == device))


def called(conn: Connection, device: str) -> DeviceEntry | None:
    """The device with this id, revoked or not."""
    names = DeviceEntry.__dataclass_fields__
    row = conn.execute(select(*(_DEVICE.c[name] for name in names)).where(_DEVICE.c.id == device)).first()
    return None if row is None else DeviceEntry(*row)


def listed(
    conn: Connection, *, ward: str | None = None, after: str = "", limit: int | None = None, revoked: bool = True
) -> list[DeviceEntry]:
    """Devices by id, from behind `after`; with `revoked` False only those that have their rights."""
    names = DeviceEntry.__dataclass_fields__
    query = select(*(_DEVICE.c[name] for name in names)).where(_DEVICE.c.id > after).order_by(_DEVICE.c.id)
    if ward is not None:
        query = query.where(_DEVICE.c.ward == ward)
    if not revoked:
        query = query.where(_DEVICE.c.revoked_at.is_(None))
    return [DeviceEntry(*row) for row in conn.execute(query.limit(limit))]


def _check_place(conn: Connection, ward: str, bed: str | None) -> None:
    if conn.execute(select(_WARD.c.id).where(_WARD.c.id == ward)).first() is None:
        raise NotFound(what="ward", name=ward[:40])
    if bed is None:
        return
    if conn.execute(select(_BED.c.id).where(_BED.c.ward == ward, _BED.c.id == bed)).first() is None:
        raise NotFound(what="bed", name=bed[:40])
