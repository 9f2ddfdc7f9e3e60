"""When to stop an exercise, and how hard it may be. Source: ward domain sheet 10.3."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from wardlink.clinical.rehabilitation.catalogue import word
from wardlink.clinical.tables import load
from wardlink.i18n import N_, gettext

Reason = Literal["pain", "effort", "pulse", "pressure", "oxygen", "sign"]

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


def stop_text(reasons: Collection[Reason], signs: Collection[str] = ()) -> str:
    """Why, in words; what was felt stands for itself."""
    said = [gettext(REASONS[reason]) for reason in reasons if reason != "sign" or not signs]
    return gettext(N_(", ")).join([*said, *(word("signs", sign) for sign in signs)])
