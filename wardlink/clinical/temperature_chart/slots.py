"""Which column an instant belongs to, and which of several values a column shows."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta

from wardlink.clinical.temperature_chart.conventions import Conventions
from wardlink.clinical.temperature_chart.facts import Measurement
from wardlink.clock import WARD_ZONE, ward_time

_STANDING = {"must": 0, "routine": 1, "ticked": 2}


def column_of(at: datetime, start_on: date, by: Conventions) -> int | None:
    """The column of an instant, counted from the first of the day `start_on`; below 0 is earlier.

    A column reaches from `slot_half_width_h` before its hour to just before as long after it. None: the hours lie
    so far apart that the instant belongs to none.
    """
    hours = by.column_hours
    midnight = datetime.combine(start_on, time(), WARD_ZONE)
    first = midnight + timedelta(hours=hours[0] - by.slot_half_width_h)
    day = math.floor((ward_time(at) - first) / timedelta(days=1))
    hour = (ward_time(at) - midnight) / timedelta(hours=1) - day * 24
    for index, column_hour in enumerate(hours):
        if column_hour - by.slot_half_width_h <= hour < column_hour + by.slot_half_width_h:
            return day * len(hours) + index
    return None


def column_at(column: int, start_on: date, by: Conventions) -> datetime:
    """The instant in the middle of a column."""
    day, index = divmod(column, len(by.column_hours))
    midnight = datetime.combine(start_on + timedelta(days=day), time(), WARD_ZONE)
    return midnight + timedelta(hours=by.column_hours[index])


def chosen(
    measurements: Iterable[Measurement],
    has: Callable[[Measurement], bool],
    start_on: date,
    by: Conventions,
) -> dict[int, Measurement]:
    """By column the set whose value stands there: of those that `has` one, a routine one, or else the nearest."""
    found: dict[int, list[Measurement]] = defaultdict(list)
    for one in measurements:
        column = column_of(one.at, start_on, by)
        if column is not None and one.standing != "record-only" and has(one):
            found[column].append(one)

    def rank(one: Measurement, column: int) -> tuple[int, timedelta, datetime]:
        return _STANDING[one.standing], abs(one.at - column_at(column, start_on, by)), one.at

    return {
        column: min(candidates, key=lambda one, column=column: rank(one, column))  # type: ignore[misc]
        for column, candidates in sorted(found.items())
    }
