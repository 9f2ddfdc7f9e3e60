"""Readings that were entered minutes apart and still are one set: what a nurse came back to complete."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from wardlink.clinical.tables import load

TOGETHER: tuple[tuple[str, ...], ...] = (
    ("temp_c", "temp_method"),
    ("sbp_mmhg", "dbp_mmhg", "map_mmhg"),
    ("abp_sbp_mmhg", "abp_dbp_mmhg", "abp_map_mmhg"),
    ("spo2_pct", "o2_on", "o2_mode", "o2_flow_l_per_min", "fio2_pct"),
    ("gcs_eye", "gcs_verbal", "gcs_motor"),
    ("glucose_mmol_per_l", "glucose_comparator", "glucose_slot"),
)
"""Readings that mean something only as they were taken together: a saturation belongs to its oxygen."""

_GROUP = {key: group for group in TOGETHER for key in group}


@dataclass(frozen=True)
class Taken:
    """Readings that were taken at one instant; only those that have a value."""

    at: datetime
    readings: Mapping[str, Any]


@dataclass(frozen=True)
class OneSet:
    """Readings that count as one set, and when the first and the last of them were taken."""

    readings: Mapping[str, Any]
    since_at: datetime
    until_at: datetime
    taken_over: tuple[str, ...]

    @property
    def is_joined(self) -> bool:
        """Whether something in it was taken at another instant than the newest readings."""
        return bool(self.taken_over)


def window() -> timedelta:
    """How far apart readings of one set may lie."""
    return timedelta(minutes=load("set_window")["window"]["value_min"])


def one_set(newest: Taken, earlier: Iterable[Taken], *, within: timedelta | None = None) -> OneSet:
    """The set that `newest` completes: what it lacks is taken from the newest of the `earlier` ones inside the window.

    Groups of `TOGETHER` are never mixed: a group of which `newest` has one reading is that of `newest` alone.
    What is `earlier` and was taken later than `newest` is left out. Both ends of the window belong to it.

    Source: ward domain sheet 2.2, rule 5.
    """
    span = window() if within is None else within
    readings = dict(newest.readings)
    since_at = newest.at
    for taken in sorted(earlier, key=lambda taken: taken.at, reverse=True):
        if not newest.at - span <= taken.at <= newest.at:
            continue
        new = {key: value for key, value in taken.readings.items() if not _is_known(key, readings)}
        if new:
            readings |= new
            since_at = taken.at
    taken_over = tuple(key for key in readings if key not in newest.readings)
    return OneSet(readings, since_at, newest.at, taken_over)


def _is_known(key: str, readings: Mapping[str, Any]) -> bool:
    return any(name in readings for name in _GROUP.get(key, (key,)))
