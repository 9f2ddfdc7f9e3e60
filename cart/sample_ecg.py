"""Invented ECG strips of the invented ward: a whole one, one that cannot wait, one of a loose lead. SAMPLE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from wardlink.clinical.ecg.sample import sample_strip
from wardlink.messages.ecg import EcgReport, EcgView
from wardlink.messages.encounters import EncounterView
from wardlink.messages.records import RecordView
from wardlink.record.ecg import digest_of, parts_of

_NORMAL = "【样例】窦性心律，心率 76 次/分。\n大致正常心电图。"
_CRITICAL = "【样例】窦性心动过速，V2–V5 导联 ST 段抬高。\n危急值：请立即通知医生。"

# Bed, minutes ago, seconds, rate, source, place, leads (None: twelve), lead off, report, critical.
_STRIPS: tuple[tuple[Any, ...], ...] = (
    ("12", 125, 10, 76, "room", "心电图室", None, None, _NORMAL, False),
    ("12", 35, 20, 88, "monitor", None, ("II", "V1"), ("II", 6.0, 9.0), None, False),
    ("10", 12, 10, 112, "room", "心电图室", None, None, _CRITICAL, True),
)


def sample_strips(stays: Sequence[EncounterView], now: datetime) -> dict[tuple[str, str], RecordView]:
    """Strips and their parts, by kind and id."""
    whose = {stay.bed: stay.id for stay in stays}
    return dict(_records(tuple((bed, whose[bed]) for bed, *_ in _STRIPS), now))


@lru_cache(maxsize=4)
def _records(whose: tuple[tuple[str, str], ...], now: datetime) -> Mapping[tuple[str, str], RecordView]:
    found: dict[tuple[str, str], RecordView] = {}
    for number, (row, (bed, encounter)) in enumerate(zip(_STRIPS, whose, strict=True), 1):
        _bed, minutes, seconds, per_min, source, place, leads, off, report, is_critical = row
        taken_at = now - timedelta(minutes=minutes)
        strip, peaks = sample_strip(taken_at, seconds=seconds, per_min=per_min, seed=number, off=off)
        if leads is not None:
            strip = replace(strip, leads={lead: strip.leads[lead] for lead in leads})
        gaps = strip.gaps("II")
        strip_id = f"00000000-0000-7000-b000-{number:012d}"
        said = EcgReport(text=report or "-", at=taken_at, command=strip_id, critical=is_critical)
        view = EcgView(
            id=strip_id,
            encounter=encounter,
            bed=bed,
            taken_at=taken_at,
            source=source,
            place=place,
            leads=tuple(strip.leads),
            rate_hz=strip.rate_hz,
            uv_per_unit=strip.uv_per_unit,
            length=strip.length,
            digest=digest_of(strip),
            beats=tuple(peak for peak in peaks if not any(gap.holds(peak) for gap in gaps)),
            beats_lead="II",
            beats_by="server",
            reports=(said,) if report else (),
            received_at=taken_at,
        )
        found["ecg", view.id] = view
        for part in parts_of(view.id, strip, encounter=encounter, bed=bed):
            found["ecg-part", part.id] = part
    return found
