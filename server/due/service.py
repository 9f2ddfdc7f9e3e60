"""Reads from the database the facts from which everything that is due follows (`wardlink.record.due`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, or_, select, text

from server.models import ChangeRow
from server.patients.service import residents
from server.record.models import RecordRow
from server.vitals.models import VitalsRow, is_told_by
from wardlink.messages.encounters import EncounterView
from wardlink.messages.records import RecordView
from wardlink.messages.vitals import VitalsRecorded
from wardlink.record.due.all import NEEDED, due_of
from wardlink.record.due.due import Due, Facts
from wardlink.record.due.measured import LOOK_BACK, Measured, learn
from wardlink.record.kind import Kind

_CHANGE: Table = ChangeRow.__table__  # type: ignore[attr-defined]
_RECORD: Table = RecordRow.__table__  # type: ignore[attr-defined]
_VITALS: Table = VitalsRow.__table__  # type: ignore[attr-defined]

NEWEST_SETS = 120
"""Of a monitor's many sets so many are looked at; of a nurse's all that can make anything due."""

_AT_ONCE = 500


def due_in_ward(conn: Connection, ward: str, now: datetime) -> dict[str, tuple[Due, ...]]:
    """What is due about every stay of a ward, by the ids of the stays, in the order of the beds."""
    return {facts.stay.id: due_of(facts, now) for facts in facts_of(conn, residents(conn, ward), now)}


def due_of_stay(conn: Connection, stay: EncounterView, now: datetime) -> tuple[Due, ...]:
    """What is due about one stay."""
    return due_of(facts_of(conn, [stay], now)[0], now)


def overdue_in_ward(conn: Connection, ward: str, now: datetime) -> dict[str, int]:
    """How much is overdue about each stay of a ward that has anything overdue."""
    counts = {stay: sum(one.is_overdue(now) for one in due) for stay, due in due_in_ward(conn, ward, now).items()}
    return {stay: n for stay, n in counts.items() if n}


def facts_of(conn: Connection, stays: Iterable[EncounterView], now: datetime) -> list[Facts]:
    """The facts about these stays, read in one transaction."""
    listed = list(stays)
    records = {kind.name: _records(conn, kind, [stay.id for stay in listed], now) for kind in NEEDED}
    return [
        Facts(
            stay,
            learn(Measured(), _sets(conn, stay.id, now), stay),
            {name: tuple(found.get(stay.id, ())) for name, found in records.items()},
        )
        for stay in listed
    ]


def _records(conn: Connection, kind: Kind[Any], stays: list[str], now: datetime) -> dict[str, list[RecordView]]:
    """What devices hold of a kind, by stay: the same on both sides, or both would not say the same."""
    found: dict[str, list[RecordView]] = defaultdict(list)
    kept = or_(_RECORD.c.is_open.is_(True), _RECORD.c.at > now - kind.kept_for)
    query = select(_RECORD.c.encounter, _RECORD.c.body).where(_RECORD.c.kind == kind.name, kept)
    for part in _parts(stays):
        rows = conn.execute(query.where(_RECORD.c.encounter.in_(part)).order_by(_RECORD.c.at, _RECORD.c.id))
        for row in rows:
            found[row.encounter].append(kind.view.model_validate_json(row.body))
    return found


def _sets(conn: Connection, stay: str, now: datetime) -> list[VitalsRecorded]:
    bodies: set[str] = set()
    for query in (_MANUAL, _NEWEST):
        bodies.update(row.body for row in conn.execute(query, {"stay": stay, "since": now - LOOK_BACK}))
    sets = [VitalsRecorded.model_validate_json(body) for body in bodies]
    return sorted(sets, key=lambda found: (found.measured_at, found.id))


# Built once: a ward's list asks both of them for every bed.
_UNSTRUCK: Select[Any] = (
    select(_CHANGE.c.body)
    .join_from(_VITALS, _CHANGE, is_told_by())
    .where(
        _VITALS.c.encounter == bindparam("stay"),
        _VITALS.c.measured_at >= bindparam("since"),
        _VITALS.c.struck_at.is_(None),
    )
    .order_by(_VITALS.c.measured_at.desc())
)
_NEWEST = _UNSTRUCK.limit(NEWEST_SETS)
_MANUAL = _UNSTRUCK.where(_VITALS.c.source == text("'manual'"))


def _parts(names: list[str]) -> Iterator[list[str]]:
    return (names[start : start + _AT_ONCE] for start in range(0, len(names), _AT_ONCE))
