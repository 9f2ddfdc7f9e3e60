"""The scoring table of NEWS2, as upper bounds: the first bound that a reading does not exceed gives its points.

Source: Royal College of Physicians, National Early Warning Score (NEWS) 2, December 2017, Chart 1.
Reproduced with acknowledgement. Trust V2: several concordant copies of the chart.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from wardlink.clinical.codes import Acvpu, Coded
from wardlink.i18n import N_

INF = float("inf")

Bands = tuple[tuple[float, int], ...]

RR_PER_MIN: Bands = ((8, 3), (11, 1), (20, 0), (24, 2), (INF, 3))
SPO2_PCT_SCALE_1: Bands = ((91, 3), (93, 2), (95, 1), (INF, 0))
SPO2_PCT_SCALE_2_ON_AIR: Bands = ((83, 3), (85, 2), (87, 1), (INF, 0))
SPO2_PCT_SCALE_2_ON_OXYGEN: Bands = ((83, 3), (85, 2), (87, 1), (92, 0), (94, 1), (96, 2), (INF, 3))
SBP_MMHG: Bands = ((90, 3), (100, 2), (110, 1), (219, 0), (INF, 3))
PULSE_PER_MIN: Bands = ((40, 3), (50, 1), (90, 0), (110, 1), (130, 2), (INF, 3))
TEMP_TENTHS_C: Bands = ((350, 3), (360, 1), (380, 0), (390, 1), (INF, 2))

ON_OXYGEN = 2
ACVPU: Mapping[str, int] = {Acvpu.ALERT: 0, Acvpu.CONFUSION: 3, Acvpu.VOICE: 3, Acvpu.PAIN: 3, Acvpu.UNRESPONSIVE: 3}

RED = 3
"""Points in one parameter that ask for a review whatever the total. Oxygen gives at most 2."""

ADULT_FROM_YEARS = 16
"""NEWS2 is not for patients under 16, nor in pregnancy."""


class Spo2Scale(IntEnum):
    """Which column of the chart holds for oxygen saturation.

    TWO only for confirmed hypercapnic respiratory failure with a target of 88 to 92 %, by an authorised and
    documented decision; never switched by a diagnosis alone.
    """

    ONE = 1
    TWO = 2


class Parameter(Coded):
    """The seven parameters, in the order of the chart."""

    RESPIRATION = "respiration", N_("Respiration")
    SATURATION = "saturation", N_("Oxygen saturation")
    OXYGEN = "oxygen", N_("Air or oxygen")
    SYSTOLIC = "systolic", N_("Systolic pressure")
    PULSE = "pulse", N_("Pulse")
    CONSCIOUSNESS = "consciousness", N_("Consciousness")
    TEMPERATURE = "temperature", N_("Temperature")


SOURCES: dict[Parameter, tuple[str, ...]] = {
    Parameter.RESPIRATION: ("rr_per_min",),
    Parameter.SATURATION: ("spo2_pct",),
    Parameter.OXYGEN: ("o2_on",),
    Parameter.SYSTOLIC: ("sbp_mmhg", "abp_sbp_mmhg"),
    Parameter.PULSE: ("pulse_per_min", "hr_per_min"),
    Parameter.CONSCIOUSNESS: ("acvpu",),
    Parameter.TEMPERATURE: ("temp_c",),
}
"""Which reading feeds a parameter; a later one stands in where the earlier ones were not measured."""
