"""Vital signs come in: recorded as they happened, scored where they can be, never refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Table, select, update
from sqlmodel import col

from server.batch import Batch
from server.census import Resident
from server.handlers import Handler
from server.models import ChangeRow
from server.vitals.models import VitalsRow
from server.vitals.scoring import summary
from wardlink.clinical.limits import outside_hard_limits
from wardlink.errors import InvalidInput
from wardlink.messages.commands import Command
from wardlink.messages.vitals import News2Summary, RecordVitals, StrikeVitals, VitalsStruck

_VITALS: Table = VitalsRow.__table__  # type: ignore[attr-defined]

AHEAD = timedelta(minutes=5)
"""Measured later than the server's clock by more than this: one of the two clocks is wrong (DOMAIN 1.2, rule 7)."""

_EXTRA = ("lead_off", "artefacts", "not_measured", "confirmed", "late_reason", "note", "interval_s", "corrects")


def record(batch: Batch, command: Command, body: RecordVitals) -> int:
    """Store one set, tell everyone, and open an exception where it does not fit what we know.

    Raises:
        InvalidInput: a reading lies outside what can be; the message is parked.
    """
    impossible = outside_hard_limits(body.readings)
    if impossible:
        raise InvalidInput(detail="outside hard limits: " + ", ".join(impossible))
    resident = batch.census.resident(batch.conn, command.encounter) if command.encounter else None
    ward = resident.ward if resident else command.ward
    score = summary(body, resident, command.measured_at)
    told = _told(batch, command, score)
    seq = batch.change(
        ward,
        "vitals.recorded",
        told,
        command=command,
        actor=str(command.actor),
        bed=resident.bed if resident and resident.active else command.bed,
        encounter=command.encounter,
    )
    batch.insert(VitalsRow, _row(command, body, ward, seq, score))
    _look_for_collisions(batch, command, body, resident, score)
    return seq


def _told(batch: Batch, command: Command, score: News2Summary | None) -> dict[str, Any]:
    # The validated body as it came, with the envelope's facts beside it: the shape of VitalsRecorded.
    told: dict[str, Any] = {
        "id": command.id,
        "encounter": command.encounter,
        "measured_at": command.measured_at,
        "entered_at": command.entered_at,
        "received_at": batch.now,
        "device": command.device,
        "actor": {"kind": command.actor.kind, "id": command.actor.id},
        "source": "manual",
        **command.body,
    }
    told.pop("seen", None)
    if command.actor.kind == "staff":
        told["actor_name"] = batch.census.staff_name(batch.conn, command.actor.id)
    if score is not None:
        told["news2"] = score.model_dump(mode="json", exclude_none=True)
    return told


def _row(command: Command, body: RecordVitals, ward: str, seq: int, score: News2Summary | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "ward": ward,
        "seq": seq,
        "encounter": command.encounter,
        "measured_at": command.measured_at,
        "source": body.source,
        **command.body["readings"],
    }
    extra = {name: command.body[name] for name in _EXTRA if command.body.get(name)}
    if extra:
        row["extra"] = extra
    if score is not None:
        row["news2_total"] = score.total
        row["news2_band"] = score.band
        row["news2_scale"] = score.scale
    return row


def _look_for_collisions(
    batch: Batch, command: Command, body: RecordVitals, resident: Resident | None, score: News2Summary | None
) -> None:
    at = command.measured_at
    ward = resident.ward if resident else command.ward
    place = {"encounter": command.encounter, "bed": resident.bed if resident else command.bed}
    if at > batch.now + AHEAD:
        ahead_s = str(round((at - batch.now).total_seconds()))
        batch.exception("clock-off", ward=ward, command=command, ahead_s=ahead_s, **place)
    if resident is None:
        batch.exception("unknown-encounter", ward=ward, command=command, **place)
    elif resident.discharged_at is not None and at > resident.discharged_at:
        batch.exception("after-discharge", ward=ward, command=command, **place)
    elif command.ward != resident.ward and not resident.was_in(command.ward, at):
        batch.exception("other-ward", ward=ward, command=command, device_ward=command.ward, **place)
    if command.actor.kind == "staff" and batch.census.staff_name(batch.conn, command.actor.id) is None:
        batch.exception("unknown-actor", ward=ward, command=command, **place)
    if body.seen is not None and score is not None and body.seen.total != score.total:
        batch.exception(
            "score-differs", ward=ward, command=command, on_device=str(body.seen.total), here=str(score.total), **place
        )


def strike(batch: Batch, command: Command, body: StrikeVitals) -> int:
    """Strike a set out, with its reason. A second strike of the same set changes nothing more."""
    actor = str(command.actor)
    found = batch.conn.execute(
        select(_VITALS.c.ward, _VITALS.c.seq, _VITALS.c.encounter, _VITALS.c.struck_at, col(ChangeRow.bed))
        .join(ChangeRow, (col(ChangeRow.ward) == _VITALS.c.ward) & (col(ChangeRow.seq) == _VITALS.c.seq))
        .where(col(ChangeRow.command) == body.vitals, col(ChangeRow.first))
    ).first()
    if found is None:
        return batch.exception(
            "struck-unknown",
            ward=command.ward,
            command=command,
            encounter=command.encounter,
            first=True,
            vitals=body.vitals,
        )
    if found.struck_at is None:
        batch.conn.execute(
            update(_VITALS)
            .where(_VITALS.c.ward == found.ward, _VITALS.c.seq == found.seq)
            .values(struck_at=command.entered_at, struck_by=actor, struck_reason=body.reason)
        )
    told = VitalsStruck(
        id=body.vitals,
        encounter=found.encounter,
        struck_at=command.entered_at,
        struck_by=command.actor,
        struck_reason=body.reason,
    )
    return batch.change(
        found.ward,
        "vitals.struck",
        told.model_dump(mode="json"),
        command=command,
        actor=actor,
        bed=found.bed,
        encounter=found.encounter,
    )


HANDLERS = {
    "vitals.record": Handler(record, reads=False, devices=frozenset({"cart", "monitor"})),
    "vitals.strike": Handler(strike),
}
