"""The invented ECG strips that the sample ward begins with, on the way of every other: from an examination room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from wardlink.clinical.ecg.sample import sample_strip
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.ecg import ReportEcg
from workbench.demo.plan import ROOM

if TYPE_CHECKING:
    from server.core import Core

# Bed, minutes ago, seconds, rate, leads (None: twelve), lead off from and until, report, critical, a doctor's words.
_STRIPS: tuple[tuple[Any, ...], ...] = (
    ("12", 150, 10, 74, None, None, "【样例】自动分析：窦性心律。", False, "【样例】窦性心律，大致正常心电图。"),
    ("12", 40, 20, 84, ("II", "V1", "V5"), ("II", 6.0, 9.0), None, False, None),
    ("10", 15, 10, 112, None, None, "【样例】窦性心动过速。\n危急值演示：请立即通知医生。", True, None),
)


def take(core: Core, ward: str, stays: Mapping[str, str], doctors: Mapping[str, str]) -> int:
    """Take the strips into a ward that has none yet; how many. `stays`, `doctors` by bed: one without is left out."""
    from server.ecg.receiving import Sent, take_in
    from server.record.service import records_of
    from wardlink.record.ecg import ECG

    with core.db.read() as conn:
        if records_of(conn, ECG, ward=ward, limit=1):
            return 0
    made = 0
    for number, (bed, minutes, seconds, per_min, leads, off, report, is_critical, words) in enumerate(_STRIPS, 1):
        if bed not in stays:
            continue
        taken_at = core.clock.now() - timedelta(minutes=minutes)
        strip, _peaks = sample_strip(taken_at, seconds=seconds, per_min=per_min, seed=number, off=off)
        if leads is not None:
            strip = replace(strip, leads={lead: strip.leads[lead] for lead in leads})
        sent = Sent(
            id=new_id(),
            strip=strip,
            source="room",
            actor=Actor(kind="device", id=ROOM),
            encounter=stays[bed],
            place="心电图室(样例)",
            report=report,
            critical=is_critical,
        )
        take_in(core, ward, sent)
        if words is not None and bed in doctors:
            doctor, said = Actor(kind="staff", id=doctors[bed]), ReportEcg(strip=sent.id, text=words)
            core.execute("ecg.report", said, ward=ward, actor=doctor, encounter=stays[bed], bed=bed)
        made += 1
    return made
