"""A monitor's raw numbers made honest: what was measured, which lead was off, what cannot be.

The gateway of a monitor and `wardlink replay` send every sample through here before it becomes a command.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from wardlink.clinical.cross_field import PRESSURE_PAIRS
from wardlink.clinical.items import ITEMS
from wardlink.errors import InvalidInput


class MonitorSample(NamedTuple):
    """One sample, sorted. Every field of the raw sample is in at most one of the three."""

    readings: dict[str, float]
    lead_off: tuple[str, ...]
    artefacts: dict[str, float]


def split_monitor_sample(raw: Mapping[str, float | None]) -> MonitorSample:
    """Sort a sample by the names of `ITEMS` into readings, leads that were off, and artefacts.

    None and NaN are not measured and appear nowhere. A zero of a numeric with a lead is the monitor's way of
    saying that the lead is off. A value outside its hard limits, or a pressure pair upside down, is an
    artefact: kept with its raw value, never a reading. Readings keep every decimal.

    Raises:
        InvalidInput: a name that no monitor measures, or an infinite value.
    """
    readings: dict[str, float] = {}
    lead_off: list[str] = []
    artefacts: dict[str, float] = {}
    for name, value in raw.items():
        item = ITEMS.get(name)
        if item is None or item.hard is None:
            raise InvalidInput(detail=name)
        if value is None or math.isnan(value):
            continue
        if math.isinf(value):
            raise InvalidInput(detail=f"{name}={value}")
        # An asystole or apnoea shows as zero too: the monitor's own alarm tells it, not these numbers.
        if value == 0 and item.zero_is_lead_off:
            lead_off.append(name)
        elif item.hard.holds(value):
            readings[name] = value
        else:
            artefacts[name] = value
    for sbp, dbp in PRESSURE_PAIRS:
        if sbp in readings and dbp in readings and readings[sbp] <= readings[dbp]:
            artefacts |= {name: readings.pop(name) for name in (sbp, dbp)}
    return MonitorSample(readings, tuple(lead_off), artefacts)
