"""A device as its page shows it, and what tells that somebody else has changed it meanwhile."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlmodel import col

from server.dashboard.visit import Visit
from server.identity import devices
from server.identity.devices import DeviceEntry
from server.patients.models import Bed
from wardlink.errors import Collision, NotFound
from wardlink.i18n import N_

AT_A_BED = frozenset({"terminal", "monitor"})
"""The kinds that stand at a bed; a terminal must."""

_MEANWHILE = N_("Somebody else has changed this device meanwhile. Look at it again, then decide.")


@dataclass(frozen=True)
class Known:
    """A device, and the beds of its ward by id and label."""

    entry: DeviceEntry
    beds: tuple[tuple[str, str], ...]

    @property
    def version(self) -> str:
        """Another one as soon as anything about the device has changed."""
        entry = self.entry
        told = (entry.kind, entry.name, entry.ward, entry.bed, entry.enrolled_at, entry.revoked_at)
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def known(conn: Connection, visit: Visit, name: str) -> Known:
    """A device of the visitor's wards, revoked or not.

    Raises:
        NotFound: there is none of this name, or it is of another ward.
    """
    entry = devices.called(conn, name)
    if entry is None or not visit.sees(entry.ward):
        raise NotFound(what="device", name=name[:40])
    return Known(entry, beds(conn, entry.ward))


def unchanged(conn: Connection, visit: Visit, name: str, version: str) -> Known:
    """The same, if it is still as the page showed it.

    Raises:
        NotFound: there is none of this name, or it is of another ward.
        Collision: somebody has changed it meanwhile.
    """
    found = known(conn, visit, name)
    if found.version != version:
        raise Collision(_MEANWHILE)
    return found


def beds(conn: Connection, ward: str) -> tuple[tuple[str, str], ...]:
    """The beds of a ward in its order."""
    rows = conn.execute(select(col(Bed.id), col(Bed.label)).where(col(Bed.ward) == ward).order_by(col(Bed.position)))
    return tuple((bed, label) for bed, label in rows)
