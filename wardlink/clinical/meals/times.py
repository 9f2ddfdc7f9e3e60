"""Which meals there are, when they are served, and until when the kitchen takes an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Literal, get_args

from wardlink.clinical.tables import load
from wardlink.clock import WARD_ZONE, ward_date
from wardlink.i18n import gettext

Meal = Literal["breakfast", "lunch", "dinner"]
MEALS: tuple[Meal, ...] = get_args(Meal)

DAYS_AHEAD = 1
"""Meals of today and of so many days after it can be ordered."""


@dataclass(frozen=True)
class Slot:
    """One meal of one day."""

    on: date
    meal: Meal

    @property
    def served_at(self) -> datetime:
        """When serving begins."""
        return _at(self.on, times(self.meal).starts)

    @property
    def until_at(self) -> datetime:
        """When serving ends."""
        return _at(self.on, times(self.meal).ends)

    @property
    def cutoff_at(self) -> datetime:
        """Until then a patient may order, change and cancel; at this instant no more."""
        rule = times(self.meal)
        return _at(self.on - timedelta(days=1) if rule.day_before else self.on, rule.cutoff)

    @property
    def extra_until_at(self) -> datetime:
        """Until then a nurse may still add an extra."""
        return self.served_at - timedelta(minutes=times(self.meal).extra_min)


@dataclass(frozen=True)
class Times:
    """When a meal is served, and when the kitchen must know."""

    label: str
    starts: time
    ends: time
    cutoff: time
    day_before: bool
    extra_min: int

    def text(self) -> str:
        """What the meal is called."""
        return gettext(self.label)


@cache
def times(meal: Meal) -> Times:
    """The times of a meal."""
    row = load("meals")["times"][meal]
    clock = {name: time.fromisoformat(row[name]) for name in ("starts", "ends", "cutoff")}
    return Times(row["label"], **clock, day_before=row["day_before"], extra_min=row["extra_min"])


def slots(now: datetime) -> Sequence[Slot]:
    """The meals of today and the days that can be ordered for, in order; also those that are over."""
    today = ward_date(now)
    return [Slot(today + timedelta(days=n), meal) for n in range(DAYS_AHEAD + 1) for meal in MEALS]


def _at(on: date, at: time) -> datetime:
    return datetime.combine(on, at, WARD_ZONE)
