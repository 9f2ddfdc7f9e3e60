"""What is given when needed: not too soon after the last time, and not too often in a day. Pure.

The cart asks before it is given, the server looks at what was given all the same.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

DAY = timedelta(hours=24)
"""A day is the 24 hours before it is given, and not the date (ward domain sheet 4.1)."""


def too_near(given_at: Collection[datetime], at: datetime, min_interval_min: int | None) -> datetime | None:
    """The giving nearest to `at`, if it is nearer than the interval; on either side, for what is heard late."""
    if min_interval_min is None:
        return None
    nearest = min(given_at, key=lambda other: abs(at - other), default=None)
    near = nearest is not None and abs(at - nearest) < timedelta(minutes=min_interval_min)
    return nearest if near else None


def within_a_day(given_at: Collection[datetime], at: datetime) -> list[datetime]:
    """What was given in the 24 hours up to `at`."""
    return [other for other in given_at if at - DAY < other <= at]


def too_often(given_at: Collection[datetime], at: datetime, max_per_day: int | None) -> bool:
    """Whether one more at `at` is more than a day may have."""
    return max_per_day is not None and len(within_a_day(given_at, at)) >= max_per_day
