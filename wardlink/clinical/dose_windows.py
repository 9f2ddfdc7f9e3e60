"""Whether a dose is early, on time or late, and when it counts as missed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal

from wardlink.clinical.frequencies import Frequency
from wardlink.clinical.tables import load

Punctuality = Literal["early", "on-time", "late"]


@dataclass(frozen=True)
class Window:
    """From when until when a dose is on time; both ends belong to it. `missed_at`: not begun by then, it is missed."""

    opens_at: datetime
    due_at: datetime
    closes_at: datetime
    missed_at: datetime

    def punctuality(self, at: datetime) -> Punctuality:
        """How an instant lies to it."""
        if at < self.opens_at:
            return "early"
        return "on-time" if at <= self.closes_at else "late"

    def is_missed(self, now: datetime) -> bool:
        """Whether a dose that has not begun counts as missed."""
        return now >= self.missed_at


@dataclass(frozen=True)
class WindowRule:
    """How far from its due time a dose is still on time, and for which doses that holds.

    For the frequencies named; or for drugs of a class that cannot wait and for what is due so many times a day or
    oftener; or for what is due so often a day or more seldom; or for all.
    """

    name: str
    either_side: timedelta
    frequencies: frozenset[str] | None = None
    time_critical: frozenset[str] | None = None
    times_per_day_from: float | None = None
    times_per_day_up_to: float | None = None

    @property
    def fits_all(self) -> bool:
        """Whether it asks for nothing."""
        asked = (self.frequencies, self.time_critical, self.times_per_day_from, self.times_per_day_up_to)
        return all(each is None for each in asked)

    def fits(self, frequency: Frequency, drug_classes: Collection[str]) -> bool:
        """Whether it holds for these drugs, this often."""
        if self.frequencies is not None:
            return frequency.code in self.frequencies
        often = self.times_per_day_from
        if self.time_critical is not None or often is not None:
            is_critical = bool(self.time_critical and self.time_critical & set(drug_classes))
            return is_critical or (often is not None and frequency.times_per_day >= often)
        return self.times_per_day_up_to is None or frequency.times_per_day <= self.times_per_day_up_to


@dataclass(frozen=True)
class DoseWindows:
    """The rules in the order in which they are asked, the last of which fits all; `missed_after`: after the window."""

    rules: tuple[WindowRule, ...]
    missed_after: timedelta

    def either_side(self, frequency: Frequency, drug_classes: Collection[str] = ()) -> timedelta:
        """How far from its due time such a dose is on time."""
        return self.rule_of(frequency, drug_classes).either_side

    def rule_of(self, frequency: Frequency, drug_classes: Collection[str] = ()) -> WindowRule:
        """The rule that decides for such a dose."""
        return next(rule for rule in self.rules if rule.fits(frequency, drug_classes))

    @property
    def drug_classes(self) -> frozenset[str]:
        """All classes of drugs for which there is a rule."""
        return frozenset(name for rule in self.rules for name in rule.time_critical or ())


@cache
def dose_windows() -> DoseWindows:
    """What ships.

    Source: ISMP (2011) as summarised, ward domain sheet 4.9.
    """
    return windows_of(load("dose_windows"))


def windows_of(table: Mapping[str, Any]) -> DoseWindows:
    """The windows that a table describes."""
    rules = (
        WindowRule(
            name,
            timedelta(minutes=row["either_side_min"]),
            None if "frequencies" not in row else frozenset(row["frequencies"]),
            None if "time_critical" not in row else frozenset(row["time_critical"]),
            row.get("times_per_day_from"),
            row.get("times_per_day_up_to"),
        )
        for name, row in table["windows"].items()
    )
    return DoseWindows(tuple(rules), timedelta(minutes=table["missed"]["after"]["after_window_min"]))


def window(
    due_at: datetime,
    frequency: Frequency,
    *,
    drug_classes: Collection[str] = (),
    next_due_at: datetime | None = None,
    by: DoseWindows | None = None,
) -> Window:
    """The window of a dose of drugs of these classes, `by` the hospital's windows or what ships.

    It is missed when the next one is due, or so long after the window as the windows say, whichever is earlier.
    """
    held = by or dose_windows()
    either_side = held.either_side(frequency, drug_classes)
    closes_at = due_at + either_side
    missed_at = closes_at + held.missed_after
    if next_due_at is not None and due_at < next_due_at:
        missed_at = min(missed_at, next_due_at)
    return Window(due_at - either_side, due_at, closes_at, missed_at)
