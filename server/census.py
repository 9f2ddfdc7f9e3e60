"""Who lies where, who works here and which devices are ours: what every command is checked against.

Kept in memory because each vital sign asks for it; forgotten on every change of a row, and wholly when a
transaction fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select
from sqlmodel import col

from server.identity.models import Device, Staff
from server.patients.models import Encounter, Patient, Stay


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a stay: in which bed, from when, until when (None: still there)."""

    ward: str
    bed: str
    from_at: datetime
    until_at: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether the patient lay here at that instant."""
        return self.from_at <= at and (self.until_at is None or at < self.until_at)


@dataclass(frozen=True, slots=True)
class Resident:
    """A stay as far as the link must know it."""

    encounter: str
    ward: str
    bed: str
    active: bool
    admitted_at: datetime
    discharged_at: datetime | None
    birth_on: date
    pregnant: bool
    spo2_scale: int
    places: tuple[Place, ...]

    def was_in(self, ward: str, at: datetime) -> bool:
        """Whether the patient lay in `ward` at that instant."""
        return any(place.ward == ward and place.holds(at) for place in self.places)


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A device as far as the link must know it."""

    id: str
    kind: str
    ward: str
    bed: str | None
    revoked: bool


class Census:
    """Looks rows up once and keeps them until they are forgotten."""

    def __init__(self) -> None:
        self._residents: dict[str, Resident | None] = {}
        self._devices: dict[str, KnownDevice | None] = {}
        self._staff: dict[str, str | None] = {}

    def resident(self, conn: Connection, encounter: str) -> Resident | None:
        """The stay with this id, in progress or finished."""
        if encounter not in self._residents:
            self._residents[encounter] = _load_resident(conn, encounter)
        return self._residents[encounter]

    def device(self, conn: Connection, device: str) -> KnownDevice | None:
        """The device with this id, revoked or not."""
        if device not in self._devices:
            row = conn.execute(
                select(
                    col(Device.id), col(Device.kind), col(Device.ward), col(Device.bed), col(Device.revoked_at)
                ).where(col(Device.id) == device)
            ).first()
            self._devices[device] = row and KnownDevice(row[0], row[1], row[2], row[3], row[4] is not None)
        return self._devices[device]

    def staff_name(self, conn: Connection, staff: str) -> str | None:
        """The name of a member of staff, or None if there never was one with this id."""
        if staff not in self._staff:
            self._staff[staff] = conn.execute(select(col(Staff.name)).where(col(Staff.id) == staff)).scalar()
        return self._staff[staff]

    def forget(self) -> None:
        """Look everything up again: a row was changed, or a transaction failed."""
        self._residents.clear()
        self._devices.clear()
        self._staff.clear()

    def forget_resident(self, encounter: str) -> None:
        """Look this stay up again."""
        self._residents.pop(encounter, None)


def _load_resident(conn: Connection, encounter: str) -> Resident | None:
    row = conn.execute(
        select(Encounter.__table__, col(Patient.birth_on))  # type: ignore[attr-defined]
        .join(Patient, col(Patient.id) == col(Encounter.patient))
        .where(col(Encounter.id) == encounter)
    ).first()
    if row is None:
        return None
    stays = conn.execute(
        select(col(Stay.ward), col(Stay.bed), col(Stay.from_at), col(Stay.until_at))
        .where(col(Stay.encounter) == encounter)
        .order_by(col(Stay.from_at))
    )
    return Resident(
        encounter=encounter,
        ward=row.ward,
        bed=row.bed,
        active=row.status == "in-progress",
        admitted_at=row.admitted_at,
        discharged_at=row.discharged_at,
        birth_on=row.birth_on,
        pregnant=row.pregnant,
        spo2_scale=row.spo2_scale,
        places=tuple(Place(*stay) for stay in stays),
    )
