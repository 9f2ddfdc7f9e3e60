"""What does not fit about any fact of the ward record: where the patient was, by which clock, and who says it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Table, select

from server.batch import Batch
from server.census import Resident
from server.exceptions.models import ExceptionRow
from wardlink.messages.commands import Command
from wardlink.messages.exceptions import ExceptionKind

_EXCEPTION: Table = ExceptionRow.__table__  # type: ignore[attr-defined]

AHEAD = timedelta(minutes=5)
"""Later than the server's clock by more than this: one of the two clocks is wrong (DOMAIN 1.2, rule 7)."""


def note_place_and_time(
    batch: Batch, command: Command, *, ward: str, resident: Resident | None, of_ward: bool = False
) -> None:
    """Open an exception for each thing that does not fit; the fact itself is kept as it was told.

    `of_ward`: it may be about no patient at all.
    """
    at = command.measured_at

    def collide(kind: ExceptionKind, **detail: str) -> None:
        if command.actor.kind == "device" and _waits_already(batch, kind, command):
            # A monitor says the same every second; a person needs to hear it once.
            return
        bed = resident.bed if resident else command.bed
        batch.exception(kind, ward=ward, command=command, encounter=command.encounter, bed=bed, first=False, **detail)

    if at > batch.now + AHEAD:
        collide("clock-off", ahead_s=str(round((at - batch.now).total_seconds())))
    if resident is None:
        if command.encounter is not None or not of_ward:
            collide("unknown-encounter")
    elif resident.discharged_at is not None and at > resident.discharged_at:
        collide("after-discharge")
    elif command.ward != resident.ward and not resident.was_in(command.ward, at):
        collide("other-ward", device_ward=command.ward)
    if command.actor.kind == "staff" and batch.census.staff_name(batch.conn, command.actor.id) is None:
        collide("unknown-actor")


def _waits_already(batch: Batch, kind: ExceptionKind, command: Command) -> bool:
    batch.flush()
    query = select(_EXCEPTION.c.id).where(
        _EXCEPTION.c.kind == kind,
        _EXCEPTION.c.device == command.device,
        _EXCEPTION.c.encounter == command.encounter
        if command.encounter is not None
        else _EXCEPTION.c.encounter.is_(None),
        _EXCEPTION.c.closed_at.is_(None),
    )
    return batch.conn.execute(query.limit(1)).first() is not None
