"""ECG strips in the ward record, and the parts that their samples lie in."""

from __future__ import annotations

import hashlib
import sys
import uuid
from array import array
from collections.abc import Iterable
from datetime import UTC, timedelta
from typing import Any

from wardlink.clinical.ecg.coding import decode, encode
from wardlink.clinical.ecg.strip import Samples, Strip
from wardlink.messages.ecg import MOST_IN_PART, EcgPart, EcgReport, EcgShown, EcgView
from wardlink.record.kind import Fold, Kind, Said

STRIPS_KEPT = 5
"""So many strips of a stay are on a cart whole, none older than 72 hours; of older ones it knows that they are."""


def parts_of(view_id: str, strip: Strip, *, encounter: str | None, bed: str | None) -> tuple[EcgPart, ...]:
    """The samples of a strip, in parts that any message can hold."""
    return tuple(
        EcgPart(
            id=str(uuid.uuid5(uuid.UUID(view_id), f"{lead}/{first}")),
            encounter=encounter,
            bed=bed,
            strip=view_id,
            taken_at=strip.start_at,
            lead=lead,
            first=first,
            length=len(piece := samples[first : first + MOST_IN_PART]),
            samples=encode(piece),
        )
        for lead, samples in strip.leads.items()
        for first in range(0, len(samples), MOST_IN_PART)
    )


def digest_of(strip: Strip) -> str:
    """What names the content of a strip, on any machine."""
    shape = f"{strip.start_at.astimezone(UTC).isoformat()} {float(strip.rate_hz)!r} {float(strip.uv_per_unit)!r}"
    digest = hashlib.sha256(shape.encode())
    for lead, samples in strip.leads.items():
        plain = array("h", samples)
        if sys.byteorder == "big":
            plain.byteswap()
        digest.update(f" {lead} ".encode() + plain.tobytes())
    return digest.hexdigest()


def lead_of(view: EcgView, lead: str, parts: Iterable[EcgPart]) -> Samples | None:
    """The samples of one lead, out of its parts in any order; None if they are not all here.

    Raises:
        ValueError: a part does not hold what it says.
    """
    pieces = {part.first: part for part in parts if part.strip == view.id and part.lead == lead}
    samples = array("h")
    while (piece := pieces.get(len(samples))) is not None:
        samples += decode(piece.samples, piece.length)
    return samples if len(samples) == view.length else None


def strip_of(view: EcgView, parts: Iterable[EcgPart]) -> Strip | None:
    """The strip again, out of its parts in any order; None if they are not all here.

    Raises:
        ValueError: a part does not hold what it says, or together they are not what was taken.
    """
    found, leads = list(parts), dict[str, Samples]()
    for lead in view.leads:
        samples = lead_of(view, lead, found)
        if samples is None:
            return None
        leads[lead] = samples
    strip = Strip(view.taken_at, view.rate_hz, view.uv_per_unit, leads)
    if digest_of(strip) != view.digest:
        raise ValueError("these samples are not the ones that were taken")
    return strip


def _recorded(known: EcgView | None, said: Said) -> EcgView:
    if known is not None:
        return known
    command, body = said.command, said.body
    arrived_at = said.received_at or command.entered_at
    report = (
        EcgReport(text=body.report, at=arrived_at, command=command.id, critical=body.critical) if body.report else None
    )
    return EcgView(
        id=command.id,
        encounter=command.encounter,
        bed=command.bed,
        taken_at=command.measured_at,
        source=body.source,
        place=body.place,
        device=command.actor.id if command.actor.kind == "device" else None,
        leads=body.leads,
        rate_hz=body.rate_hz,
        uv_per_unit=body.uv_per_unit,
        length=body.length,
        digest=body.digest,
        beats=body.beats,
        beats_lead=body.beats_lead,
        beats_by=body.beats_by,
        reports=(report,) if report else (),
        admission_no=body.admission_no,
        received_at=said.received_at,
    )


def _seen(known: EcgView | None, said: Said) -> EcgView | None:
    command, reports = said.command, said.body.reports
    if known is None or (known.seen_at is not None and reports <= known.seen_reports):
        return known
    marks = {"seen_at": command.measured_at, "seen_by": command.actor, "seen_by_name": said.actor_name}
    return known.model_copy(update=marks | {"seen_reports": reports})


def _reported(known: EcgView | None, said: Said) -> EcgView | None:
    command = said.command
    if known is None or any(report.command == command.id for report in known.reports):
        return known
    report = EcgReport(
        text=said.body.text,
        at=command.measured_at,
        command=command.id,
        critical=said.body.critical,
        by=command.actor,
        by_name=said.actor_name,
    )
    reports = sorted((*known.reports, report), key=lambda found: (found.at, found.command))
    return known.model_copy(update={"reports": tuple(reports)})


def _struck(known: EcgView | None, said: Said) -> EcgView | None:
    if known is None or known.struck_at is not None:
        return known
    marks = {"struck_at": said.command.entered_at, "struck_by": said.command.actor, "struck_reason": said.body.reason}
    return known.model_copy(update=marks)


def _shown(known: EcgView | None, said: Said) -> EcgView | None:
    command, body = said.command, said.body
    if known is None:
        return None
    shown = EcgShown(
        may_see=body.may_see,
        reports=body.reports,
        at=command.measured_at,
        command=command.id,
        by=command.actor,
        by_name=said.actor_name,
        reason=body.reason,
    )
    before = known.shown
    if before is not None and (before.at, before.command) >= (shown.at, shown.command):
        return known
    return known.model_copy(update={"shown": shown})


def _strip(command: Any, body: Any) -> str:
    return str(body.strip)


def _state(view: EcgView) -> str:
    if view.struck_at is not None:
        return "struck"
    return "new" if view.is_new else "seen"


ECG = Kind(
    "ecg",
    EcgView,
    at=lambda view: view.taken_at,
    folds={
        "ecg.record": Fold(_recorded),
        "ecg.see": Fold(_seen, target=_strip),
        "ecg.report": Fold(_reported, target=_strip),
        "ecg.strike": Fold(_struck, target=_strip),
        "ecg.show": Fold(_shown, target=_strip),
    },
    state=_state,
    kept_for=timedelta(days=30),
    newest_per_stay=200,
)

ECG_PART = Kind(
    "ecg-part",
    EcgPart,
    at=lambda view: view.taken_at,
    state=lambda view: view.lead,
    kept_for=timedelta(hours=72),
    newest_per_stay=STRIPS_KEPT,
)
