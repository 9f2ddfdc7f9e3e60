"""Writes where a stay has been, and finds what does not fit: beds shared or closed, readings after the end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete, func, insert, or_, select

from server.batch import Batch
from server.census import Place
from server.patients.models import Stay
from server.vitals.models import VitalsRow
from server.wards.closures import overlapping
from wardlink.messages.commands import Command

_STAY: Table = Stay.__table__  # type: ignore[attr-defined]
_VITALS: Table = VitalsRow.__table__  # type: ignore[attr-defined]


def write_places(batch: Batch, encounter: str, places: Iterable[Place]) -> None:
    """Let these be the places of the stay."""
    batch.conn.execute(delete(_STAY).where(_STAY.c.encounter == encounter))
    batch.conn.execute(
        insert(_STAY),
        [
            {"encounter": encounter, "ward": p.ward, "bed": p.bed, "from_at": p.from_at, "until_at": p.until_at}
            for p in places
        ],
    )
    batch.census.forget_resident(encounter)


def note_shared_beds(batch: Batch, command: Command, encounter: str, place: Place) -> None:
    """Open an exception for every other stay that lay in this bed at the same time."""
    others = batch.conn.execute(
        select(_STAY.c.encounter)
        .where(_STAY.c.ward == place.ward, _STAY.c.bed == place.bed, _STAY.c.encounter != encounter, _overlaps(place))
        .distinct()
    ).scalars()
    for other in sorted(others):
        batch.exception(
            "bed-taken", ward=place.ward, command=command, encounter=encounter, bed=place.bed, other_encounter=other
        )


def note_closed_beds(batch: Batch, command: Command, encounter: str, place: Place) -> None:
    """Open an exception for every time in which this bed was closed while somebody lay in it."""
    for closure in overlapping(batch.conn, place.ward, place.bed, place.from_at, place.until_at):
        batch.exception(
            "bed-closed",
            ward=place.ward,
            command=command,
            encounter=encounter,
            bed=place.bed,
            closed_from_at=closure.from_at.isoformat(),
            closed_reason=closure.reason,
        )


def measured_after(batch: Batch, encounter: str, at: datetime) -> int:
    """How many sets of this stay, not struck out, were measured after `at`."""
    query = (
        select(func.count())
        .select_from(_VITALS)
        .where(_VITALS.c.encounter == encounter, _VITALS.c.measured_at > at, _VITALS.c.struck_at.is_(None))
    )
    return int(batch.conn.execute(query).scalar_one())


def _overlaps(place: Place) -> ColumnElement[bool]:
    still_there = or_(_STAY.c.until_at.is_(None), _STAY.c.until_at > place.from_at)
    return still_there if place.until_at is None else still_there & (_STAY.c.from_at < place.until_at)
