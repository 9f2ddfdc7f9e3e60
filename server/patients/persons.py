"""Finds the person of an admission, or writes them down: one row a patient number, for all their stays."""

from __future__ import annotations

from sqlalchemy import Table, insert, select, update

from server.batch import Batch
from server.patients.errors import OtherPerson, StillHere
from server.patients.models import Encounter, Patient
from wardlink.ids import new_id
from wardlink.messages.encounters import Admit

_PATIENT: Table = Patient.__table__  # type: ignore[attr-defined]
_ENCOUNTER: Table = Encounter.__table__  # type: ignore[attr-defined]


def person_of(batch: Batch, body: Admit) -> str:
    """The id of the patient who is admitted.

    Raises:
        OtherPerson: the patient number is known for somebody else. Never overwritten: that mixes two charts.
        StillHere: the patient lies in another bed.
    """
    row = batch.conn.execute(select(_PATIENT).where(_PATIENT.c.mrn == body.mrn)).first()
    if row is None:
        patient = new_id()
        batch.conn.execute(
            insert(_PATIENT).values(
                id=patient,
                mrn=body.mrn,
                name=body.name,
                sex=body.sex,
                birth_on=body.birth_on,
                id_last4=body.id_last4,
            )
        )
        return patient
    if (row.name, row.birth_on) != (body.name, body.birth_on) or not _fits(row.sex, body.sex):
        raise OtherPerson(mrn=body.mrn)
    lying = batch.conn.execute(
        select(_ENCOUNTER.c.ward, _ENCOUNTER.c.bed).where(
            _ENCOUNTER.c.patient == row.id, _ENCOUNTER.c.status == "in-progress"
        )
    ).first()
    if lying is not None:
        raise StillHere(ward=lying.ward, bed=lying.bed)
    learnt = {}
    if row.id_last4 is None and body.id_last4 is not None:
        learnt["id_last4"] = body.id_last4
    if row.sex == "unknown" != body.sex:
        learnt["sex"] = body.sex
    if learnt:
        batch.conn.execute(update(_PATIENT).where(_PATIENT.c.id == row.id).values(learnt))
    return str(row.id)


def _fits(known: str, said: str) -> bool:
    return known == said or "unknown" in (known, said)
