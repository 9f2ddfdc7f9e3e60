"""What a scan leaves in the record: a round at a bed, or the trace of a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardlink.codes.kinds import BedTag
from wardlink.messages.pairings import PairMonitor
from wardlink.messages.rounds import RecordRound
from wardlink.messages.scans import RefuseScan

if TYPE_CHECKING:
    from datetime import datetime

    from cart.ports import Ward
    from cart.usecases.scan import Scan
    from wardlink.messages.base import Actor
    from wardlink.messages.encounters import EncounterView


def note_refused(ward: Ward, scan: Scan, reason: str, screen: str, actor: Actor, encounter: str | None = None) -> None:
    """Write down that this scan was refused; ids only, nothing of what was read. `encounter`: on whose page."""
    whose = scan.encounter or encounter
    stay = ward.replica.encounter(whose) if whose else None
    bed = stay.bed if stay is not None else scan.code.bed if isinstance(scan.code, BedTag) else None
    body = RefuseScan(code=scan.kind, reason=reason, screen=screen[:40])
    ward.record("scan.refused", body, actor=actor, encounter=stay.id if stay else None, bed=bed)


def pair(
    ward: Ward, stay: EncounterView, monitor: str, *, wristband_at: datetime, monitor_at: datetime, actor: Actor
) -> None:
    """Record that this monitor stands at this patient, as the two scans show."""
    body = PairMonitor(monitor=monitor, wristband_at=wristband_at, monitor_at=monitor_at)
    ward.record("monitor.pair", body, actor=actor, encounter=stay.id, bed=stay.bed, measured_at=monitor_at)


def record_round(ward: Ward, encounter: str, bed: str, actor: Actor) -> None:
    """Record that the nurse is at this patient's bed now, as its tag shows."""
    ward.record("round.record", RecordRound(evidence="bed-tag"), actor=actor, encounter=encounter, bed=bed)
