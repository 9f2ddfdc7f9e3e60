"""When to stop an exercise, and how hard it may be. Source: ward domain sheet 10.3."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from wardlink.clinical.rehabilitation.catalogue import word
from wardlink.clinical.tables import load
from wardlink.i18n import N_, gettext

Reason = Literal["pain", "effort", "pulse", "pressure", "oxygen", "sign"]
MeasuredReason = Literal["pulse", "pressure", "oxygen"]

REASONS: dict[Reason, str] = {
    "pain": N_("pain"),
    "effort": N_("too hard"),
    "pulse": N_("pulse too fast"),
    "pressure": N_("blood pressure"),
    "oxygen": N_("too little oxygen"),
    "sign": N_("felt unwell"),
}


def pain_stops(pain: int | None, before: int | None = None) -> bool:
    """Whether pain from 0 to 10 says stop: as strong as it must not be, or so much stronger than before."""
    rule = load("rehabilitation")["stop"]
    if pain is None:
        return False
    return bool(pain >= rule["pain_from"] or (before is not None and pain - before >= rule["pain_rise"]))


def effort_stops(rpe: int | None) -> bool:
    """Whether it was harder on Borg's scale than it may be."""
    return rpe is not None and bool(rpe > load("rehabilitation")["effort"]["rpe_stop_above"])


def pulse_stops(pulse_per_min: float | None, at_rest_per_min: float | None = None) -> bool:
    """Whether the pulse says stop."""
    rule = load("rehabilitation")["stop"]
    if pulse_per_min is None:
        return False
    rise = None if at_rest_per_min is None else pulse_per_min - at_rest_per_min
    return bool(pulse_per_min > rule["hr_above"] or (rise is not None and rise > rule["hr_rise"]))


def pressure_stops(sbp_mmhg: float | None, before_mmhg: float | None = None) -> bool:
    """Whether the upper blood pressure says stop: too high, or changed too much either way."""
    rule = load("rehabilitation")["stop"]
    if sbp_mmhg is None:
        return False
    change = None if before_mmhg is None else abs(sbp_mmhg - before_mmhg)
    return bool(sbp_mmhg > rule["sbp_above"] or (change is not None and change >= rule["sbp_change"]))


def oxygen_stops(spo2_pct: float | None, before_pct: float | None = None) -> bool:
    """Whether the saturation says stop."""
    rule = load("rehabilitation")["stop"]
    if spo2_pct is None:
        return False
    drop = None if before_pct is None else before_pct - spo2_pct
    return bool(spo2_pct < rule["spo2_below"] or (drop is not None and drop >= rule["spo2_drop"]))


@dataclass(frozen=True)
class Measured:
    """What a monitor or a nurse has measured, as far as it says when to stop; None: nothing that is not too old."""

    pulse_per_min: float | None = None
    sbp_mmhg: float | None = None
    spo2_pct: float | None = None


def measured_stops(found: Measured, before: Measured | None = None) -> tuple[MeasuredReason, ...]:
    """Why not to begin or not to go on, by what was measured. `before`: at rest, before the session began."""
    rest = before or Measured()
    reasons: list[tuple[MeasuredReason, bool]] = [
        ("pulse", pulse_stops(found.pulse_per_min, rest.pulse_per_min)),
        ("pressure", pressure_stops(found.sbp_mmhg, rest.sbp_mmhg)),
        ("oxygen", oxygen_stops(found.spo2_pct, rest.spo2_pct)),
    ]
    return tuple(reason for reason, holds in reasons if holds)


def is_current(measured_at: datetime, now: datetime, *, begun_at: datetime | None = None) -> bool:
    """Whether a value says something of now: before a session of today's rest, in one only what came since it began."""
    rule = load("rehabilitation")["measured"]
    if begun_at is None:
        return timedelta(0) <= now - measured_at <= timedelta(hours=rule["before_h"])
    return measured_at > begun_at and now - measured_at <= timedelta(minutes=rule["during_min"])


def may_go_on(left_at: datetime, now: datetime) -> bool:
    """Whether a session that was left may be gone on with, and is not begun anew."""
    return timedelta(0) <= now - left_at <= timedelta(minutes=load("rehabilitation")["going_on"]["within_min"])


def said_stops(
    *, rpe: int | None, pain: int | None, pain_before: int | None, signs: Collection[str]
) -> tuple[Reason, ...]:
    """Why to stop and call a nurse, by what the patient says; empty if nothing does."""
    found: list[tuple[Reason, bool]] = [
        ("pain", pain_stops(pain, pain_before)),
        ("effort", effort_stops(rpe)),
        ("sign", bool(signs)),
    ]
    return tuple(reason for reason, holds in found if holds)


def not_now_text(reasons: Collection[Reason]) -> str:
    """Why a session is not begun, by what was measured last."""
    said = gettext(N_("What was measured last speaks against it ({why}). Rest, and tell your nurse."))
    return said.format(why=stop_text(reasons))


def stop_text(reasons: Collection[Reason], signs: Collection[str] = ()) -> str:
    """Why, in words; what was felt stands for itself."""
    said = [gettext(REASONS[reason]) for reason in reasons if reason != "sign" or not signs]
    return gettext(N_(", ")).join([*said, *(word("signs", sign) for sign in signs)])
