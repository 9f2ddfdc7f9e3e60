"""Takes one strip in: whose it is, its samples in parts, its beats, one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Table, select

from server.batch import Batch, changes_of
from server.core import Core
from server.ecg.beats import find_beats
from server.patients.models import Encounter
from server.record.service import record_called
from server.record.writing import tell
from server.vitals.pairing import paired_stay
from wardlink.clinical.ecg.strip import Strip
from wardlink.errors import Collision
from wardlink.i18n import N_
from wardlink.messages.base import Actor
from wardlink.messages.ecg import EcgSource, EcgView, RecordEcg
from wardlink.record.ecg import ECG, ECG_PART, digest_of, parts_of

_ENCOUNTER: Table = Encounter.__table__  # type: ignore[attr-defined]

_OTHER = N_("There is already another strip with this id. It was kept, this one was not.")


@dataclass(frozen=True)
class Sent:
    """A strip as somebody sent it. `encounter` or `admission_no` say whose it is; a paired monitor need not."""

    id: str
    strip: Strip
    source: EcgSource
    actor: Actor
    encounter: str | None = None
    admission_no: str | None = None
    place: str | None = None
    beats: tuple[int, ...] | None = None
    beats_lead: str | None = None
    report: str | None = None
    critical: bool = False


@dataclass(frozen=True)
class Taken:
    """What became of it. `is_new` False: it was here already. `coded_bytes`: what its samples take on the wire."""

    view: EcgView
    seq: int
    is_new: bool
    coded_bytes: int


def take_in(core: Core, ward: str, sent: Sent) -> Taken:
    """Keep a strip and tell the carts; the same one again changes nothing.

    Raises:
        Collision: another strip has this id.
    """
    body = _body(sent)
    parts = parts_of(sent.id, sent.strip, encounter=None, bed=None)
    coded_bytes = sum(len(part.samples) for part in parts)
    with core.transaction() as batch:
        done = changes_of(batch.conn, [sent.id])
        known = record_called(batch.conn, ECG, sent.id)
        if sent.id in done or known is not None:
            if known is None or known[1].digest != body.digest:
                raise Collision(_OTHER)
            return Taken(known[1], done.get(sent.id, 0), False, coded_bytes)
        encounter = _whose(batch, sent)
        resident = batch.census.resident(batch.conn, encounter) if encounter else None
        if encounter is not None:
            body = body.model_copy(update={"admission_no": None})
        # An examination room serves every ward: where the patient lies is where the strip belongs.
        place = resident.ward if resident and sent.source == "room" else ward
        command = core.command(
            "ecg.record",
            body,
            ward=place,
            actor=sent.actor,
            command_id=sent.id,
            encounter=encounter,
            bed=resident.bed if resident and resident.active else None,
            measured_at=sent.strip.start_at,
        )
        for part in parts:
            whose = part.model_copy(update={"encounter": encounter, "bed": command.bed})
            told = resident.ward if resident else place
            tell(batch, ECG_PART, whose, ward=told, command=command, resident=resident, first=False, is_new=True)
        seq = core.apply(batch, command).seq or 0
        batch.flush()
        found = record_called(batch.conn, ECG, sent.id)
        assert found is not None
        return Taken(found[1], seq, True, coded_bytes)


def _body(sent: Sent) -> RecordEcg:
    strip = sent.strip
    beats, lead, by = sent.beats, sent.beats_lead, "sender"
    if beats is None or lead is None:
        found = find_beats(strip)
        beats, lead, by = (found.samples, found.lead, "server") if found else (None, None, "")
    return RecordEcg.model_validate(
        {
            "source": sent.source,
            "place": sent.place,
            "leads": tuple(strip.leads),
            "rate_hz": strip.rate_hz,
            "uv_per_unit": strip.uv_per_unit,
            "length": strip.length,
            "digest": digest_of(strip),
            "beats": beats,
            "beats_lead": lead,
            "beats_by": by or None,
            "report": sent.report,
            "critical": sent.critical,
            "admission_no": sent.admission_no,
        }
    )


def _whose(batch: Batch, sent: Sent) -> str | None:
    if sent.encounter is not None:
        return sent.encounter
    if sent.admission_no is not None:
        query = select(_ENCOUNTER.c.id).where(_ENCOUNTER.c.admission_no == sent.admission_no)
        found: str | None = batch.conn.execute(query).scalar()
        return found
    return paired_stay(batch, sent.actor.id, sent.strip.start_at) if sent.actor.kind == "device" else None
