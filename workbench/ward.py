"""Sets up a ward in an empty database: beds, staff, devices and patients, for demos, fault runs and tests.

Everything in it is invented. What is there already is left as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Table, insert, select
from sqlmodel import col

from server.chain import GENESIS
from server.core import Core
from server.identity import devices, staff
from server.identity.devices import Addresses as Addresses
from server.identity.models import Device, Staff
from server.patients.models import Bed, Encounter, Ward
from wardlink.credential import Credential, DeviceKind
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.encounters import Admit

_BED: Table = Bed.__table__  # type: ignore[attr-defined]
_DEVICE: Table = Device.__table__  # type: ignore[attr-defined]
_WARD: Table = Ward.__table__  # type: ignore[attr-defined]

SYSTEM = Actor(kind="system", id="workbench")


@dataclass(frozen=True)
class StaffPlan:
    """A member of staff with a badge and a PIN that are no secret."""

    id: str
    name: str
    role: str
    badge: str
    pin: str


@dataclass(frozen=True)
class DevicePlan:
    """A device to enrol."""

    id: str
    kind: DeviceKind
    name: str
    bed: str | None = None


@dataclass(frozen=True)
class WardPlan:
    """What shall be there. `patients` lie in the beds that their admission names.

    `admitted_at`: when, by admission number; who is not in it is admitted now.
    """

    ward: str
    name: str
    beds: Sequence[tuple[str, str]]
    staff: Sequence[StaffPlan] = ()
    devices: Sequence[DevicePlan] = ()
    patients: Sequence[Admit] = ()
    admitted_at: Mapping[str, datetime] = field(default_factory=dict)


@dataclass
class BuiltWard:
    """The credentials of the devices, the stay in each bed, and the admission number of each of these stays."""

    credentials: dict[str, Credential] = field(default_factory=dict)
    stays: dict[str, str] = field(default_factory=dict)
    admission_nos: dict[str, str] = field(default_factory=dict)


def build(core: Core, plan: WardPlan, addresses: Addresses, known: Mapping[str, Credential] | None = None) -> BuiltWard:
    """Make what `plan` names and is not there yet; a patient who was here once is not admitted again.

    A device whose credential is `known` and is the one on record keeps it, with the new addresses; every other
    one is enrolled anew, with a new secret.
    """
    built = BuiltWard()
    with core.db.write() as conn:
        _places(conn, plan)
        _staff(conn, plan)
        for device in plan.devices:
            kept = _kept(conn, (known or {}).get(device.id), addresses)
            built.credentials[device.id] = kept or devices.enrol(
                conn,
                id=device.id,
                kind=device.kind,
                name=device.name,
                ward=plan.ward,
                bed=device.bed,
                now=core.clock.now(),
                addresses=addresses,
                again=True,
            )
        seen = set(conn.execute(select(col(Encounter.admission_no))).scalars())
        lying = conn.execute(
            select(col(Encounter.bed), col(Encounter.id), col(Encounter.admission_no)).where(
                col(Encounter.ward) == plan.ward, col(Encounter.status) == "in-progress"
            )
        )
        for bed, stay, admission_no in lying:
            built.stays[bed] = stay
            built.admission_nos[stay] = admission_no
    core.devices_changed()
    for patient in plan.patients:
        if patient.bed not in built.stays and patient.admission_no not in seen:
            stay = built.stays[patient.bed] = new_id()
            built.admission_nos[stay] = patient.admission_no
            core.execute(
                "encounter.admit",
                patient,
                ward=plan.ward,
                actor=SYSTEM,
                encounter=stay,
                bed=patient.bed,
                measured_at=plan.admitted_at.get(patient.admission_no),
            )
    return built


def _places(conn: Connection, plan: WardPlan) -> None:
    if conn.execute(select(_WARD.c.id).where(_WARD.c.id == plan.ward)).first() is None:
        conn.execute(insert(_WARD).values(id=plan.ward, name=plan.name, log_id=new_id(), seq=0, head=GENESIS))
    there = set(conn.execute(select(_BED.c.id).where(_BED.c.ward == plan.ward)).scalars())
    for position, (bed, label) in enumerate(plan.beds):
        if bed not in there:
            conn.execute(insert(_BED).values(ward=plan.ward, id=bed, label=label, position=position))


def _staff(conn: Connection, plan: WardPlan) -> None:
    there = set(conn.execute(select(col(Staff.id))).scalars())
    for person in plan.staff:
        if person.id not in there:
            staff.add(
                conn,
                id=person.id,
                name=person.name,
                role=person.role,
                badge=person.badge,
                pin_hash=staff.hashed(person.pin),
                wards=[plan.ward],
            )


def _kept(conn: Connection, known: Credential | None, addresses: Addresses) -> Credential | None:
    if known is None:
        return None
    here = conn.execute(select(_DEVICE).where(_DEVICE.c.id == known.device, _DEVICE.c.revoked_at.is_(None))).first()
    digest = hashlib.sha256(known.secret.get_secret_value().encode()).hexdigest()
    if here is None or (here.secret_sha256, here.ward, here.bed) != (digest, known.ward, known.bed):
        return None
    return known.model_copy(
        update={
            "broker_host": addresses.broker_host,
            "broker_port": addresses.broker_port,
            "broker_tls": addresses.broker_tls,
            "server_url": addresses.server_url,
        }
    )
