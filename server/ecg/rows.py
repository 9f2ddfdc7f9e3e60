"""Strips with whose they are, as doctors at a desk are given them: one of them, its curve, or a list of wards."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Table, func, or_, select

from server.identity.models import Device
from server.models import ChangeRow
from server.patients.models import Encounter, Patient
from server.record.models import RecordRow
from server.record.service import record_called, records_of
from wardlink.clinical.ecg.strip import Strip
from wardlink.messages.ecg import EcgView
from wardlink.record.ecg import ECG, ECG_PART, strip_of

_RECORD: Table = RecordRow.__table__  # type: ignore[attr-defined]
_ENCOUNTER: Table = Encounter.__table__  # type: ignore[attr-defined]
_PATIENT: Table = Patient.__table__  # type: ignore[attr-defined]
_CHANGE: Table = ChangeRow.__table__  # type: ignore[attr-defined]
_DEVICE: Table = Device.__table__  # type: ignore[attr-defined]

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Whose:
    """The patient of a strip, as far as a list names them."""

    bed: str
    admission_no: str
    name: str
    birth_on: date


@dataclass(frozen=True)
class Listed:
    """A strip in a list. `whose` None: nobody knows whose it is."""

    ward: str
    view: EcgView
    whose: Whose | None


def strip_called(conn: Connection, strip: str) -> tuple[str, EcgView] | None:
    """A strip with the ward in which its patient lies, or lay last; None if there is none with this id."""
    found = record_called(conn, ECG, strip)
    if found is None:
        return None
    ward, view = found
    lies = conn.execute(select(_ENCOUNTER.c.ward).where(_ENCOUNTER.c.id == view.encounter)).scalar()
    return lies or ward, view


def curve_of(conn: Connection, view: EcgView) -> Strip | None:
    """A strip's samples; None if they are not all here.

    Raises:
        ValueError: they are not what was taken.
    """
    at = view.taken_at
    return strip_of(view, records_of(conn, ECG_PART, encounter=view.encounter, since=at, until=at + _MOMENT))


def recorded_by(conn: Connection, view: EcgView) -> str | None:
    """Who sent it, as `kind:id`; a device by its name."""
    c = _CHANGE.c
    actor: str | None = conn.execute(select(c.actor).where(c.command == view.id, c.first.is_(True))).scalar()
    if actor is not None and view.device is not None:
        return conn.execute(select(_DEVICE.c.name).where(_DEVICE.c.id == view.device)).scalar() or actor
    return actor


def strips_of_wards(conn: Connection, wards: Collection[str], since: datetime) -> list[Listed]:
    """The strips of everybody who lies in these wards, and those taken since then of who lay there; in no order."""
    r, e, p = _RECORD.c, _ENCOUNTER.c, _PATIENT.c
    ward = func.coalesce(e.ward, r.ward).label("ward")
    joined = _RECORD.outerjoin(_ENCOUNTER, e.id == r.encounter).outerjoin(_PATIENT, p.id == e.patient)
    query = (
        select(ward, r.body, e.bed, e.admission_no, p.name, p.birth_on)
        .select_from(joined)
        .where(r.kind == ECG.name, ward.in_(wards), or_(e.status == "in-progress", r.at >= since))
    )
    return [
        Listed(
            row.ward,
            ECG.view.model_validate_json(row.body),
            None if row.name is None else Whose(row.bed, row.admission_no, row.name, row.birth_on),
        )
        for row in conn.execute(query)
    ]
