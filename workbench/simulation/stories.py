"""What happens to an invented patient in the course of hours: shifts of the readings, as tables. Pure.

A course repeats for ever, so that a demo that is started again days later still shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

Oxygen = Literal["air", "nasal", "mask"]


@dataclass(frozen=True)
class Shift:
    """By how much readings differ from what is usual for this body, at one hour of a course."""

    temp_c: float = 0.0
    pulse_per_min: float = 0.0
    rr_per_min: float = 0.0
    sbp_mmhg: float = 0.0
    spo2_pct: float = 0.0
    pain_nrs: float = 0.0


@dataclass(frozen=True)
class Course:
    """A course of `cycle_h` hours that stands at `begins_h` when the ward is first opened.

    `points`: hours of the cycle and the shift there; between two it goes evenly. `oxygen` and `acvpu` hold from
    the hour that they name on. `leads_off`: how many of a hundred minutes a lead of the monitor is off.
    """

    cycle_h: float = 24.0
    begins_h: float = 0.0
    points: tuple[tuple[float, Shift], ...] = ((0.0, Shift()),)
    oxygen: tuple[tuple[float, Oxygen], ...] = ((0.0, "air"),)
    flow_l_per_min: float = 2.0
    acvpu: tuple[tuple[float, str], ...] = ((0.0, "A"),)
    usual: Mapping[str, float] = field(default_factory=dict)
    leads_off: int = 0


# The values behind the sepsis are those of the worked examples 1 to 3 of the domain sheet (2.4): NEWS2 0, 6 and 11.
COURSES: Mapping[str, Course] = {
    "steady": Course(),
    "hypertension": Course(usual={"sbp_mmhg": 152.0}),
    "fever": Course(
        cycle_h=30.0,
        begins_h=8.0,
        points=((0.0, Shift()), (10.0, Shift(1.7, 18, 3, 4)), (14.0, Shift(2.0, 20, 3, 4)), (22.0, Shift())),
    ),
    "sepsis": Course(
        cycle_h=48.0,
        begins_h=10.0,
        points=(
            (0.0, Shift()),
            (3.0, Shift(0.9, 12, 2, -6, -0.5)),
            (6.0, Shift(1.6, 24, 6, -14, -2.5)),
            (9.0, Shift(1.9, 40, 9, -26, -6)),
            (12.0, Shift(2.1, 46, 11, -32, -7)),
            (24.0, Shift(1.0, 22, 5, -14, -3)),
            (36.0, Shift(0.2, 6, 1, -2, -0.5)),
            (42.0, Shift()),
        ),
    ),
    "copd": Course(
        oxygen=((0.0, "nasal"),),
        flow_l_per_min=1.5,
        points=((0.0, Shift(rr_per_min=1)), (14.0, Shift(rr_per_min=3, spo2_pct=-1)), (20.0, Shift(rr_per_min=1))),
        usual={"spo2_pct": 90.5, "rr_per_min": 19.0, "pulse_per_min": 84.0},
    ),
    "post-op": Course(
        cycle_h=36.0,
        begins_h=6.0,
        points=(
            (0.0, Shift(-0.5, 10, -2, -14, -1, 7)),
            (4.0, Shift(-0.1, 12, 1, -8, -0.5, 6)),
            (12.0, Shift(0.6, 10, 2, 0, -0.5, 4)),
            (30.0, Shift(0.1, 2, 0, 0, 0, 1)),
        ),
        oxygen=((0.0, "nasal"), (8.0, "air")),
    ),
    "delirium": Course(
        begins_h=1.0, acvpu=((0.0, "C"), (6.0, "A")), points=((0.0, Shift(0.3, 14, 3)), (6.0, Shift()), (22.0, Shift()))
    ),
    "loose-leads": Course(leads_off=12),
    "pneumonia": Course(
        cycle_h=40.0,
        begins_h=10.0,
        points=((0.0, Shift(1.2, 16, 5, -4, -3)), (20.0, Shift(0.8, 10, 4, -2, -2)), (32.0, Shift(0.3, 4, 2, 0, -1))),
        oxygen=((0.0, "nasal"),),
        flow_l_per_min=3.0,
    ),
    "bradycardia": Course(usual={"pulse_per_min": 53.0}),
}


def hour_of(course: Course, since_opening_h: float) -> float:
    """The hour of the cycle, `since_opening_h` hours after the ward was first opened; that may be negative."""
    return (course.begins_h + since_opening_h) % course.cycle_h


def shift_at(course: Course, hour: float) -> Shift:
    """The shift at this hour of the cycle."""
    points = [*course.points, (course.points[0][0] + course.cycle_h, course.points[0][1])]
    for (from_h, before), (to_h, after) in pairwise(points):
        if from_h <= hour < to_h:
            share = (hour - from_h) / (to_h - from_h)
            return Shift(
                **{
                    name: getattr(before, name) + share * (getattr(after, name) - getattr(before, name))
                    for name in Shift.__dataclass_fields__
                }
            )
    return points[0][1]


def oxygen_at(course: Course, hour: float) -> Oxygen:
    """How the patient gets oxygen at this hour of the cycle."""
    return next(how for from_h, how in reversed(course.oxygen) if from_h <= hour)


def acvpu_at(course: Course, hour: float) -> str:
    """The level of consciousness at this hour of the cycle."""
    return next(code for from_h, code in reversed(course.acvpu) if from_h <= hour)
