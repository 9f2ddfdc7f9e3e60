"""Finds stays for a person who looks for somebody: by ward, by state, by a part of what is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, Connection, Table, and_, or_, select

from server.patients.models import Encounter, Patient
from server.patients.service import as_view, views
from wardlink.messages.encounters import EncounterStatus, EncounterView

_ENCOUNTER: Table = Encounter.__table__  # type: ignore[attr-defined]
_PATIENT: Table = Patient.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Search:
    """What is looked for. `wards` None: in all of them. `text`: a part of the name, or a whole number.

    `before`: only stays that stand further back in the list than this one.
    """

    wards: Sequence[str] | None = None
    status: EncounterStatus | Literal["any"] = "in-progress"
    text: str = ""
    before: str | None = None


def found(conn: Connection, search: Search, *, limit: int) -> list[EncounterView]:
    """At most `limit` stays, the latest admission first."""
    query = (
        views(*_conditions(conn, search)).order_by(_ENCOUNTER.c.admitted_at.desc(), _ENCOUNTER.c.id.desc()).limit(limit)
    )
    return [as_view(row) for row in conn.execute(query)]


def _conditions(conn: Connection, search: Search) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if search.wards is not None:
        conditions.append(_ENCOUNTER.c.ward.in_(search.wards))
    if search.status != "any":
        conditions.append(_ENCOUNTER.c.status == search.status)
    if search.text:
        conditions.append(
            or_(
                _PATIENT.c.name.icontains(search.text, autoescape=True),
                _PATIENT.c.mrn == search.text,
                _ENCOUNTER.c.admission_no == search.text,
            )
        )
    if search.before is not None:
        last = conn.execute(select(_ENCOUNTER.c.admitted_at).where(_ENCOUNTER.c.id == search.before)).scalar()
        if last is not None:
            conditions.append(
                or_(
                    _ENCOUNTER.c.admitted_at < last,
                    and_(_ENCOUNTER.c.admitted_at == last, _ENCOUNTER.c.id < search.before),
                )
            )
    return conditions
