"""Who lies where, who works here and which devices are ours: what every command is checked against.

Kept in memory because each vital sign asks for it; forgotten on every change of a row, and wholly when a
transaction fails.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select
from sqlmodel import col

from server.identity.models import Device, Staff
from server.patients.models import Encounter, Patient, Stay

_AT_ONCE = 500


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
    paired_with: str | None = None
    paired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownHead:
    """Where the log of a ward stood after our last commit."""

    log_id: str
    seq: int
    hash: bytes


class Census:
    """Looks rows up once and keeps them until they are forgotten."""

    def __init__(self) -> None:
        self._residents: dict[str, Resident | None] = {}
        self._devices: dict[str, KnownDevice | None] = {}
        self._staff: dict[str, str | None] = {}
        self.heads: dict[str, KnownHead] = {}
        self._absent: set[str] = set()

    def resident(self, conn: Connection, encounter: str) -> Resident | None:
        """The stay with this id, in progress or finished."""
        if encounter not in self._residents:
            self.know(conn, {encounter})
        return self._residents[encounter]

    def known_resident(self, encounter: str) -> Resident | None:
        """The stay with this id, if it has been looked up already."""
        return self._residents.get(encounter)

    def known_device(self, device: str) -> KnownDevice | None:
        """The device with this id, if it has been looked up already."""
        return self._devices.get(device)

    def know(self, conn: Connection, encounters: Iterable[str | None]) -> None:
        """Look up at once what will be asked for one by one."""
        unknown = [each for each in encounters if each is not None and each not in self._residents]
        if unknown:
            self._residents.update(dict.fromkeys(unknown))
            self._residents.update((found.encounter, found) for found in _load_residents(conn, unknown))
            self._absent.update(each for each in unknown if self._residents[each] is None)

    def device(self, conn: Connection, device: str) -> KnownDevice | None:
        """The device with this id, revoked or not."""
        if device not in self._devices:
            row = conn.execute(
                select(
                    col(Device.id),
                    col(Device.kind),
                    col(Device.ward),
                    col(Device.bed),
                    col(Device.revoked_at),
                    col(Device.paired_with),
                    col(Device.paired_at),
                ).where(col(Device.id) == device)
            ).first()
            self._devices[device] = row and KnownDevice(*row[:4], row[4] is not None, *row[5:])
        return self._devices[device]

    def staff_name(self, conn: Connection, staff: str) -> str | None:
        """The name of a member of staff, or None if there never was one with this id."""
        if staff not in self._staff:
            self._staff[staff] = conn.execute(select(col(Staff.name)).where(col(Staff.id) == staff)).scalar()
            if self._staff[staff] is None:
                self._absent.add(staff)
        return self._staff[staff]

    def forget(self) -> None:
        """Look everything up again: a row was changed, or a transaction failed."""
        self._residents.clear()
        self._devices.clear()
        self._staff.clear()
        self.heads.clear()

    def forget_absent(self) -> None:
        """Who is not there may be there the next time, made by another process."""
        for name in self._absent:
            self._residents.pop(name, None)
            self._staff.pop(name, None)
        self._absent.clear()

    def forget_device(self, device: str) -> None:
        """Look this device up again."""
        self._devices.pop(device, None)

    def forget_resident(self, encounter: str) -> None:
        """Look this stay up again."""
        self._residents.pop(encounter, None)


def _load_residents(conn: Connection, encounters: Sequence[str]) -> Iterator[Resident]:
    for start in range(0, len(encounters), _AT_ONCE):
        wanted = encounters[start : start + _AT_ONCE]
        places: dict[str, list[Place]] = defaultdict(list)
        for encounter, ward, bed, from_at, until_at in conn.execute(
            select(col(Stay.encounter), col(Stay.ward), col(Stay.bed), col(Stay.from_at), col(Stay.until_at))
            .where(col(Stay.encounter).in_(wanted))
            .order_by(col(Stay.from_at))
        ):
            places[encounter].append(Place(ward, bed, from_at, until_at))
        for row in conn.execute(
            select(Encounter.__table__, col(Patient.birth_on))  # type: ignore[attr-defined]
            .join(Patient, col(Patient.id) == col(Encounter.patient))
            .where(col(Encounter.id).in_(wanted))
        ):
            yield Resident(
                encounter=row.id,
                ward=row.ward,
                bed=row.bed,
                active=row.status == "in-progress",
                admitted_at=row.admitted_at,
                discharged_at=row.discharged_at,
                birth_on=row.birth_on,
                pregnant=row.pregnant,
                spo2_scale=row.spo2_scale,
                places=tuple(places[row.id]),
            )
