"""Vital signs come in: recorded as they happened, scored where they can be, never refused."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import Table, select, update
from sqlmodel import col

from server.batch import Batch
from server.census import Resident
from server.handlers import Handler
from server.models import ChangeRow
from server.record.collisions import AHEAD, note_place_and_time
from server.vitals.attribution import given_afterwards
from server.vitals.models import VitalsRow
from server.vitals.nobodys import assigned_by
from server.vitals.pairing import paired_stay
from server.vitals.scoring import summary
from wardlink.clinical.limits import outside_hard_limits
from wardlink.errors import InvalidInput
from wardlink.messages.base import Actor
from wardlink.messages.commands import Command
from wardlink.messages.vitals import News2Summary, RecordVitals, StrikeVitals, VitalsStruck

_VITALS: Table = VitalsRow.__table__  # type: ignore[attr-defined]

_EXTRA = frozenset(
    ("lead_off", "artefacts", "not_measured", "confirmed", "late_reason", "note", "interval_s", "corrects")
)


def record(batch: Batch, command: Command, body: RecordVitals) -> int:
    """Store one set, tell everyone, and open an exception where it does not fit what we know.

    Raises:
        InvalidInput: a reading lies outside what can be; the message is parked.
    """
    impossible = outside_hard_limits(body.readings)
    if impossible:
        raise InvalidInput(detail="outside hard limits: " + ", ".join(impossible))
    said = None
    if command.encounter is None and command.actor.kind == "device":
        # A monitor does not know at whom it stands; whoever scanned wristband and monitor has said so.
        stay = paired_stay(batch, command.device, command.measured_at)
        said = None if stay else given_afterwards(batch.conn, command.device, command.measured_at)
        command = command.model_copy(update={"encounter": said.encounter if said else stay})
    resident = batch.census.resident(batch.conn, command.encounter) if command.encounter else None
    ward = resident.ward if resident else command.ward
    score = summary(body, resident, command.measured_at)
    told = _told(batch, command, score)
    if said is not None:
        told["assigned"] = assigned_by(said).model_dump(mode="json", exclude_none=True)
    seq = batch.change(
        ward,
        "vitals.recorded",
        told,
        command=command,
        actor=str(command.actor),
        bed=resident.bed if resident and resident.active else command.bed,
        encounter=command.encounter,
    )
    row = _row(command, body, ward, seq, score)
    batch.insert(VitalsRow, row | ({"attribution": said.id} if said is not None else {}))
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
        told["news2"] = score_told(score)
    return told


@lru_cache(maxsize=20_000)
def score_told(score: News2Summary) -> dict[str, Any]:
    """A score as it is sent and kept. Shared by all callers: read it, never change it."""
    return score.model_dump(mode="json", exclude_none=True)


def _row(command: Command, body: RecordVitals, ward: str, seq: int, score: News2Summary | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "ward": ward,
        "seq": seq,
        "encounter": command.encounter,
        "measured_at": command.measured_at,
        "source": body.source,
        **command.body["readings"],
    }
    extra = {name: value for name, value in command.body.items() if name in _EXTRA and value}
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
    from_device = command.actor.kind == "device" and body.seen is None
    lies_here = resident is not None and resident.discharged_at is None and resident.ward == command.ward
    if from_device and lies_here and at <= batch.now + AHEAD:
        return
    ward = resident.ward if resident else command.ward
    note_place_and_time(batch, command, ward=ward, resident=resident)
    if body.seen is not None and score is not None and body.seen.total != score.total:
        batch.exception(
            "score-differs",
            ward=ward,
            command=command,
            encounter=command.encounter,
            bed=resident.bed if resident else command.bed,
            on_device=str(body.seen.total),
            here=str(score.total),
        )


def strike(batch: Batch, command: Command, body: StrikeVitals) -> int:
    """Strike a set out, with its reason. After a second strike of the same set the first one stands for everybody."""
    actor = str(command.actor)
    found = batch.conn.execute(
        select(_VITALS, col(ChangeRow.bed))
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
    told = VitalsStruck(
        id=body.vitals,
        encounter=found.encounter,
        struck_at=command.entered_at,
        struck_by=command.actor,
        struck_reason=body.reason,
    )
    if found.struck_at is not None:
        kind, _, name = found.struck_by.partition(":")
        first = {"struck_by": Actor(kind=kind, id=name), "struck_reason": found.struck_reason}
        told = told.model_copy(update={"struck_at": found.struck_at} | first)
    else:
        batch.conn.execute(
            update(_VITALS)
            .where(_VITALS.c.ward == found.ward, _VITALS.c.seq == found.seq)
            .values(struck_at=told.struck_at, struck_by=actor, struck_reason=told.struck_reason)
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
