"""How often an order is carried out, and when exactly: the hospital's schedule times as data.

The server splits an order into doses by these times; the order page shows them before anything is signed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, Literal

from wardlink.clinical.tables import load
from wardlink.clock import WARD_ZONE, ward_date
from wardlink.i18n import gettext

Plan = Literal["schedule", "once", "on-demand"]
Schedule = Literal["oral", "injection"]
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Frequency:
    """One frequency. `plan`: at set times, once when the order starts, or when somebody asks for it.

    A dose is due on every `every_days`-th day counted from the day the order starts, and only on `weekdays` (1 is
    Monday) where they are given.
    """

    code: str
    label: str
    plan: Plan
    times: tuple[time, ...] = ()
    injection_times: tuple[time, ...] = ()
    every_days: int = 1
    weekdays: frozenset[int] = frozenset()

    def label_text(self) -> str:
        """What it means, in words."""
        return gettext(self.label)

    def times_of(self, schedule: Schedule) -> tuple[time, ...]:
        """The times of a day, on the ward's wall, for what is given this way."""
        return self.injection_times if schedule == "injection" and self.injection_times else self.times

    def as_row(self) -> dict[str, Any]:
        """It as a row of the table, for `frequency_of`."""
        return {
            "label": self.label,
            "plan": self.plan,
            "times": [f"{at:%H:%M}" for at in self.times],
            "injection_times": [f"{at:%H:%M}" for at in self.injection_times],
            "every_days": self.every_days,
            "weekdays": sorted(self.weekdays),
        }

    @property
    def times_per_day(self) -> float:
        """How often a day on the average; 0 without times."""
        per_week = len(self.weekdays) or 7 / self.every_days
        return len(self.times) * per_week / 7


@cache
def frequencies() -> Mapping[str, Frequency]:
    """The frequencies by their code."""
    return {code: frequency_of(code, row) for code, row in load("frequencies")["frequencies"].items()}


def frequency_of(code: str, row: Mapping[str, Any]) -> Frequency:
    """The frequency that a row of the table describes."""
    return Frequency(
        code=code,
        label=row["label"],
        plan=row.get("plan", "schedule"),
        times=tuple(time.fromisoformat(text) for text in row.get("times", ())),
        injection_times=tuple(time.fromisoformat(text) for text in row.get("injection_times", ())),
        every_days=row.get("every_days", 1),
        weekdays=frozenset(row.get("weekdays", ())),
    )


@dataclass(frozen=True)
class Timing:
    """When an order is to be carried out.

    `first_day_count`: how many doses the doctor wants on the first day; None leaves what the schedule has left of it.
    Fewer are the last ones of the day; one more than are left is given at once.
    """

    frequency: Frequency
    start_at: datetime
    stop_at: datetime | None = None
    schedule: Schedule = "oral"
    first_day_count: int | None = None


def due_times(timing: Timing, *, from_at: datetime, until_at: datetime) -> tuple[datetime, ...]:
    """When doses are due with `from_at` <= due < `until_at`, in UTC and in order.

    Nothing is due before the order starts, nor at or after its stop.

    Source: ward domain sheet 4.2; the count of the first day and the edge of the last one are of this product [D].
    """
    return tuple(
        at
        for at in sorted(_planned(timing, ward_date(from_at), ward_date(until_at)))
        if from_at <= at < until_at and (timing.stop_at is None or at < timing.stop_at)
    )


def first_day(timing: Timing) -> tuple[datetime, ...]:
    """What is due on the day the order starts; empty where its times are over and the doctor should be asked."""
    start_on = ward_date(timing.start_at)
    return tuple(sorted(_planned(timing, start_on, start_on)))


def _planned(timing: Timing, first_on: date, last_on: date) -> Iterator[datetime]:
    frequency, start_at = timing.frequency, timing.start_at.astimezone(UTC)
    start_on = ward_date(start_at)
    if frequency.plan == "on-demand":
        return
    if frequency.plan == "once":
        if first_on <= start_on <= last_on:
            yield start_at
        return
    on = max(first_on, start_on)
    while on <= last_on:
        if (on - start_on).days % frequency.every_days == 0 and on.isoweekday() in (frequency.weekdays or range(1, 8)):
            due = [datetime.combine(on, at, WARD_ZONE).astimezone(UTC) for at in frequency.times_of(timing.schedule)]
            yield from _as_wanted([at for at in due if at >= start_at], timing) if on == start_on else due
        on += DAY


def _as_wanted(left: list[datetime], timing: Timing) -> list[datetime]:
    wanted = timing.first_day_count
    if wanted is None or wanted == len(left):
        return left
    if wanted < len(left):
        return left[len(left) - wanted :]
    return [timing.start_at.astimezone(UTC), *left]
