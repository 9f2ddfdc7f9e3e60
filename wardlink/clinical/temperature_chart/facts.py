"""What a chart is made of. Instants are aware; nothing here is rounded, clamped or converted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Standing = Literal["must", "routine", "ticked", "record-only"]
"""A set that has to stand on the chart, one of a planned round, one that a nurse has ticked for the chart, or one
that stays in the nursing record."""

EventKind = Literal[
    "admission", "transfer-in", "surgery", "delivery", "discharge", "death", "refused", "out", "leave", "cooling"
]


@dataclass(frozen=True)
class Measurement:
    """One set at a patient. `not_measured`: the reason for a reading that was due and has no value.

    `leg`: the pressure was taken at a leg. `ventilated`: a machine breathes. `paced`: a pacemaker beats.
    """

    at: datetime
    temp_c: float | None = None
    temp_method: str | None = None
    pulse_per_min: float | None = None
    hr_per_min: float | None = None
    rr_per_min: float | None = None
    sbp_mmhg: float | None = None
    dbp_mmhg: float | None = None
    leg: bool = False
    ventilated: bool = False
    paced: bool = False
    pain_nrs: float | None = None
    weight_kg: float | None = None
    height_cm: float | None = None
    girth_cm: float | None = None
    stool: str | None = None
    not_measured: Mapping[str, str] = field(default_factory=dict)
    standing: Standing = "routine"


@dataclass(frozen=True)
class Event:
    """Something that happened at an instant and is written on the chart, or changes what it shows."""

    at: datetime
    kind: EventKind


@dataclass(frozen=True)
class DayTotals:
    """What went in and out in the nursing day that began on `day`, in mL.

    `hours`: shorter on the day of admission and of discharge. `drains`: by the name of each.
    """

    day: date
    intake_ml: float | None = None
    urine_ml: float | None = None
    output_ml: float | None = None
    drains: Mapping[str, float] = field(default_factory=dict)
    hours: int = 24
    incontinent: bool = False
    catheter: bool = False


@dataclass(frozen=True)
class SkinTest:
    """What a skin test said."""

    at: datetime
    drug: str
    result: Literal["positive", "negative", "doubtful"]


@dataclass(frozen=True)
class Risk:
    """What a scale of risk came to; `scale` is its code."""

    at: datetime
    scale: str
    total: int


@dataclass(frozen=True)
class Lain:
    """A ward and a bed in which the patient has lain since `at`, until the next one."""

    at: datetime
    ward: str
    bed: str


@dataclass(frozen=True)
class Facts:
    """All that is known of a stay. What has been struck out is not in it.

    `header`: label and text of what stands above the grid, in order; wards and beds are in `places`. `revised`: when
    what was struck out had been measured. `known_since`: earlier measurements are not known to the one who draws;
    None: everything is known.
    `flows_known_since`: the same of what went in and out.
    """

    admitted_at: datetime
    as_of: datetime
    discharged_at: datetime | None = None
    header: tuple[tuple[str, str], ...] = ()
    places: tuple[Lain, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    events: tuple[Event, ...] = ()
    totals: tuple[DayTotals, ...] = ()
    skin_tests: tuple[SkinTest, ...] = ()
    risks: tuple[Risk, ...] = ()
    revised: tuple[datetime, ...] = ()
    known_since: datetime | None = None
    flows_known_since: datetime | None = None
