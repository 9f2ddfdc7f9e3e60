"""Reads stays: of a ward, of a bed, one alone, and where it has been."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, select

from server.census import Place
from server.identity.models import Staff
from server.patients.models import Bed, Encounter, Patient, Stay, Ward
from wardlink.messages.encounters import EncounterView, PlaceLain

_ENCOUNTER: Table = Encounter.__table__  # type: ignore[attr-defined]
_PATIENT: Table = Patient.__table__  # type: ignore[attr-defined]
_STAY: Table = Stay.__table__  # type: ignore[attr-defined]
_BED: Table = Bed.__table__  # type: ignore[attr-defined]
_WARD: Table = Ward.__table__  # type: ignore[attr-defined]
_NURSE = Staff.__table__.alias("nurse_of")  # type: ignore[attr-defined]
_DOCTOR = Staff.__table__.alias("doctor_of")  # type: ignore[attr-defined]


def residents(conn: Connection, ward: str) -> list[EncounterView]:
    """The stays in progress in a ward, in the order of its beds."""
    query = (
        views(_ENCOUNTER.c.ward == ward, _ENCOUNTER.c.status == "in-progress")
        .outerjoin(_BED, (_BED.c.ward == _ENCOUNTER.c.ward) & (_BED.c.id == _ENCOUNTER.c.bed))
        .order_by(_BED.c.position, _ENCOUNTER.c.bed)
    )
    lain = _lain(conn, (_ENCOUNTER.c.ward == ward) & (_ENCOUNTER.c.status == "in-progress"))
    return [_with_places(as_view(row), lain) for row in conn.execute(query)]


def encounter_view(conn: Connection, encounter: str) -> EncounterView | None:
    """One stay, in progress or finished; None if there is none with this id."""
    row = conn.execute(views(_ENCOUNTER.c.id == encounter)).first()
    return None if row is None else _with_places(as_view(row), _lain(conn, _ENCOUNTER.c.id == encounter))


def stays_between(conn: Connection, ward: str, since: datetime, until: datetime) -> list[EncounterView]:
    """Everybody who lay in this ward at some time from `since` on and before `until`, in the order of the beds."""
    here = (
        select(_STAY.c.encounter)
        .where(_STAY.c.ward == ward, _STAY.c.from_at < until)
        .where(_STAY.c.until_at.is_(None) | (_STAY.c.until_at > since))
    )
    which = _ENCOUNTER.c.id.in_(here)
    lain = _lain(conn, which)
    found = conn.execute(views(which).order_by(_ENCOUNTER.c.bed, _ENCOUNTER.c.admitted_at))
    return [_with_places(as_view(row), lain) for row in found]


def occupant_of(conn: Connection, ward: str, bed: str) -> str | None:
    """The id of the stay in progress in this bed; None if nobody lies there."""
    query = select(_ENCOUNTER.c.id).where(
        _ENCOUNTER.c.ward == ward, _ENCOUNTER.c.bed == bed, _ENCOUNTER.c.status == "in-progress"
    )
    found: str | None = conn.execute(query).scalar()
    return found


def places_of(conn: Connection, encounter: str) -> tuple[Place, ...]:
    """The beds of a stay in the order of time; the last one is where the patient lies, or lay at the end."""
    query = (
        select(_STAY.c.ward, _STAY.c.bed, _STAY.c.from_at, _STAY.c.until_at)
        .where(_STAY.c.encounter == encounter)
        .order_by(_STAY.c.from_at, _STAY.c.id)
    )
    return tuple(Place(*row) for row in conn.execute(query))


def views(*where: ColumnElement[bool]) -> Select[Any]:
    """The query of stays with the names that belong to them, for `as_view`."""
    return (
        select(
            _ENCOUNTER,
            _PATIENT.c.mrn,
            _PATIENT.c.name,
            _PATIENT.c.sex,
            _PATIENT.c.birth_on,
            _NURSE.c.name.label("nurse_name"),
            _DOCTOR.c.name.label("doctor_name"),
        )
        .join(_PATIENT, _PATIENT.c.id == _ENCOUNTER.c.patient)
        .outerjoin(_NURSE, _NURSE.c.id == _ENCOUNTER.c.nurse)
        .outerjoin(_DOCTOR, _DOCTOR.c.id == _ENCOUNTER.c.doctor)
        .where(*where)
    )


def as_view(row: Row[Any]) -> EncounterView:
    """A row of `views` as everybody holds it."""
    return EncounterView(**{name: value for name, value in row._mapping.items() if name in EncounterView.model_fields})


def _lain(conn: Connection, which: ColumnElement[bool]) -> Mapping[str, list[PlaceLain]]:
    """The beds in which the stays `which` have lain, in the order of time."""
    query = (
        select(_STAY.c.encounter, _STAY.c.ward, _WARD.c.name, _STAY.c.bed, _STAY.c.from_at)
        .join(_ENCOUNTER, _ENCOUNTER.c.id == _STAY.c.encounter)
        .join(_WARD, _WARD.c.id == _STAY.c.ward)
        .where(which)
        .order_by(_STAY.c.from_at, _STAY.c.id)
    )
    found: dict[str, list[PlaceLain]] = defaultdict(list)
    for encounter, ward, name, bed, since in conn.execute(query):
        found[encounter].append(PlaceLain(ward=ward, ward_name=name, bed=bed, since=since))
    return found


def _with_places(view: EncounterView, lain: Mapping[str, list[PlaceLain]]) -> EncounterView:
    places = lain.get(view.id, ())
    return view.model_copy(update={"places": tuple(places)}) if len(places) > 1 else view
