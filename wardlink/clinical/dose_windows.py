"""Whether a dose is early, on time or late, and when it counts as missed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

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


def window(
    due_at: datetime,
    frequency: Frequency,
    *,
    drug_classes: Collection[str] = (),
    next_due_at: datetime | None = None,
) -> Window:
    """The window of a dose of drugs of these classes.

    It is missed when the next one is due, or four hours after the window, whichever is earlier.

    Source: ISMP (2011) as summarised, ward domain sheet 4.9.
    """
    either_side = timedelta(minutes=_either_side_min(frequency, drug_classes))
    after = timedelta(minutes=load("dose_windows")["missed"]["after"]["after_window_min"])
    closes_at = due_at + either_side
    missed_at = closes_at + after
    if next_due_at is not None and due_at < next_due_at:
        missed_at = min(missed_at, next_due_at)
    return Window(due_at - either_side, due_at, closes_at, missed_at)


def _either_side_min(frequency: Frequency, drug_classes: Collection[str]) -> int:
    for row in load("dose_windows")["windows"].values():
        codes, classes, often = row.get("frequencies"), row.get("time_critical"), row.get("times_per_day_from")
        if codes is not None:
            fits = frequency.code in codes
        elif classes is not None:
            fits = bool(set(classes) & set(drug_classes)) or (often is not None and frequency.times_per_day >= often)
        else:
            fits = frequency.times_per_day <= row.get("times_per_day_up_to", float("inf"))
        if fits:
            return int(row["either_side_min"])
    raise LookupError("no row of the dose windows fits")
