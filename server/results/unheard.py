"""Critical reports that no clinician has acknowledged yet: what the engine of alerts asks for again and again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Connection, Table, select

from server.patients.models import Encounter
from server.results.rows import RESULT
from wardlink.clinical.results.release import Flag, is_critical

_ENCOUNTER: Table = Encounter.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Unheard:
    """The newest version of a report. `kind`: its category; no value of it leaves from here."""

    id: str
    encounter: str
    bed: str
    kind: str


@dataclass(frozen=True)
class _Value:
    # A value as its row holds it: the ward is looked through often, and was checked when it came.
    code: str
    value: Decimal | None
    unit: str | None
    flag: Flag | None


def unheard_critical(conn: Connection, ward: str) -> list[Unheard]:
    """Of everybody who lies in the ward: also what is not verified yet, but nothing that was withdrawn."""
    r, e = RESULT.c, _ENCOUNTER.c
    rows = conn.execute(
        select(r.id, r.encounter, e.bed, r.category, r.number, r.status, r["items"], r.acknowledged_at)
        .select_from(RESULT.join(_ENCOUNTER, e.id == r.encounter))
        .where(e.ward == ward, e.status == "in-progress")
        .order_by(r.encounter, r.number, r.version)
    )
    newest = {(row.encounter, row.number): row for row in rows}
    return [
        Unheard(row.id, row.encounter, row.bed, row.category)
        for row in newest.values()
        if row.acknowledged_at is None and row.status != "cancelled" and is_critical(map(_value, row._mapping["items"]))
    ]


def _value(item: Mapping[str, Any]) -> _Value:
    value = item.get("value")
    flag = cast("Flag | None", item.get("flag"))
    return _Value(item["code"], None if value is None else Decimal(str(value)), item.get("unit"), flag)
