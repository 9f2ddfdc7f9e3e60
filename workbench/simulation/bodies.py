"""The readings of an invented patient at any instant: what is usual, the time of day, chance, and a story. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from wardlink.clinical.vitals import VitalSet
from wardlink.clock import ward_time
from workbench.simulation.noise import between, chance, wander
from workbench.simulation.stories import COURSES, Course, acvpu_at, hour_of, oxygen_at, shift_at

CUFF_EVERY = timedelta(minutes=30)
"""How often a monitor takes the blood pressure by itself."""

_LEADS = ("spo2_pct", "hr_per_min", "rr_per_min")
_LEAD_MINUTES = 2

# What is usual: from, to; drawn once a body.
_USUAL: Mapping[str, tuple[float, float]] = {
    "temp_c": (36.3, 36.7),
    "pulse_per_min": (64.0, 80.0),
    "rr_per_min": (14.0, 17.0),
    "sbp_mmhg": (112.0, 132.0),
    "spo2_pct": (96.6, 98.4),
    "pain_nrs": (0.0, 2.0),
}
# How far chance goes to either side, and over how long (s).
_CHANCE: Mapping[str, tuple[float, float]] = {
    "temp_c": (0.25, 10_800.0),
    "pulse_per_min": (7.0, 2_700.0),
    "rr_per_min": (2.2, 1_800.0),
    "sbp_mmhg": (9.0, 5_400.0),
    "spo2_pct": (0.9, 1_800.0),
    "pain_nrs": (1.0, 14_400.0),
}
# How far the day goes to either side of its mean; highest at 17:00, lowest at 05:00.
_DAY: Mapping[str, float] = {"temp_c": 0.25, "pulse_per_min": 4.0, "rr_per_min": 0.8, "sbp_mmhg": 6.0}
_HIGHEST_AT_H = 17.0
_PULSE_PRESSURE = 0.36
"""The diastolic pressure lies below the systolic one by this share of it."""


@dataclass(frozen=True)
class Body:
    """One invented patient. `opened_at`: when the ward was first opened; stories are told from there."""

    seed: int
    name: str
    story: str
    opened_at: datetime

    @property
    def course(self) -> Course:
        """What happens to this patient."""
        return COURSES[self.story]

    def hour(self, at: datetime) -> float:
        """Where the story stands."""
        return hour_of(self.course, (at - self.opened_at).total_seconds() / 3600)


def state_at(body: Body, at: datetime) -> dict[str, float]:
    """How the body is at this instant, before anything measures it."""
    wall = ward_time(at)
    day = math.cos((wall.hour + wall.minute / 60 - _HIGHEST_AT_H) * math.pi / 12)
    shift = shift_at(body.course, body.hour(at))
    found = {}
    for name, (low, high) in _USUAL.items():
        usual = body.course.usual.get(name) or between(low, high, body.seed, body.name, name)
        size, slowest_s = _CHANCE[name]
        walk = size * wander(body.seed, f"{body.name}/{name}", at, slowest_s)
        found[name] = usual + _DAY.get(name, 0.0) * day + walk + getattr(shift, name)
    found["spo2_pct"] = min(found["spo2_pct"], 100.0)
    found["pain_nrs"] = min(max(found["pain_nrs"], 0.0), 10.0)
    found["dbp_mmhg"] = found["sbp_mmhg"] * (1 - _PULSE_PRESSURE) + 2 * wander(body.seed, f"{body.name}/dbp", at, 900.0)
    return found


def monitor_sample(body: Body, at: datetime, interval: timedelta) -> dict[str, float | None]:
    """What the monitor of this patient shows at `at`, zeros of leads that are off included.

    The cuff gives a pressure in the sample that comes first after each half hour.
    """
    state = state_at(body, at)
    jitter = wander(body.seed, f"{body.name}/beat", at, 20.0, octaves=2)
    sample: dict[str, float | None] = {
        "hr_per_min": float(round(state["pulse_per_min"] + jitter)),
        "pulse_per_min": float(round(state["pulse_per_min"] + 0.6 * jitter)),
        "rr_per_min": float(round(state["rr_per_min"] + 0.5 * jitter)),
        "spo2_pct": float(round(state["spo2_pct"])),
    }
    seconds = at.timestamp() % CUFF_EVERY.total_seconds()
    if seconds < interval.total_seconds():
        sbp, dbp = float(round(state["sbp_mmhg"])), float(round(state["dbp_mmhg"]))
        sample |= {"sbp_mmhg": sbp, "dbp_mmhg": dbp, "map_mmhg": float(round(dbp + (sbp - dbp) / 3))}
    lost = lead_off(body, at)
    if lost is not None:
        sample[lost] = 0.0
        if lost == "spo2_pct":
            sample["pulse_per_min"] = 0.0
    return sample


def lead_off(body: Body, at: datetime) -> str | None:
    """The reading whose lead is off at this instant, for some minutes at a time."""
    window = int(at.timestamp() // (60 * _LEAD_MINUTES))
    if chance(body.seed, body.name, "lead", window) * 100 >= body.course.leads_off:
        return None
    return _LEADS[int(chance(body.seed, body.name, "which", window) * len(_LEADS))]


def manual_set(body: Body, at: datetime) -> VitalSet:
    """The full set that a nurse takes at this instant."""
    state, hour = state_at(body, at), body.hour(at)
    oxygen = oxygen_at(body.course, hour)
    return VitalSet(
        temp_c=round(state["temp_c"], 1),
        temp_method="axillary",
        pulse_per_min=float(round(state["pulse_per_min"])),
        rr_per_min=float(round(state["rr_per_min"])),
        sbp_mmhg=float(round(state["sbp_mmhg"])),
        dbp_mmhg=float(round(state["dbp_mmhg"])),
        spo2_pct=float(round(state["spo2_pct"])),
        o2_on=oxygen != "air",
        o2_mode=oxygen,
        o2_flow_l_per_min=None if oxygen == "air" else body.course.flow_l_per_min,
        acvpu=acvpu_at(body.course, hour),
        pain_nrs=round(state["pain_nrs"]),
    )
