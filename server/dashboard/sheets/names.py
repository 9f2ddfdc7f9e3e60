"""Names of staff, wards and patients for tables, looked up once a table."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select
from sqlmodel import col

from server.identity.models import Staff
from server.patients.models import Encounter, Patient, Ward

_AT_ONCE = 500


def staff_names(conn: Connection) -> dict[str, str]:
    """Everybody who ever worked here, by id."""
    return {row.id: row.name for row in conn.execute(select(col(Staff.id), col(Staff.name)))}


def ward_names(conn: Connection) -> dict[str, str]:
    """Every ward, by id."""
    return {row.id: row.name for row in conn.execute(select(col(Ward.id), col(Ward.name)))}


def patient_names(conn: Connection, stays: Iterable[str | None]) -> dict[str, str]:
    """Whose stays these are, by the id of the stay."""
    wanted = sorted({stay for stay in stays if stay is not None})
    found: dict[str, str] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = conn.execute(
            select(col(Encounter.id), col(Patient.name))
            .join(Patient, col(Patient.id) == col(Encounter.patient))
            .where(col(Encounter.id).in_(wanted[start : start + _AT_ONCE]))
        )
        found.update((row.id, row.name) for row in rows)
    return found
