"""What an address of the KPI pages asks for, and the terms read for it, by day or by month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from server.dashboard.fields import day_typed
from server.kpis.counting import ByDay, Days
from wardlink.clinical.kpis import Kpi, Measured, measured

DAYS = 30
MOST_DAYS = 366

Step = Literal["day", "month"]


@dataclass(frozen=True)
class Asked:
    """`wards`: those shown together."""

    wards: tuple[str, ...]
    days: Days
    step: Step


@dataclass(frozen=True)
class Period:
    """Terms summed over some days; `name` is a day or a month."""

    name: str
    counts: Mapping[str, int]
    days: int

    def measured(self, kpi: Kpi) -> Measured:
        """The KPI in this time."""
        return measured(kpi, self.counts, self.days)


def asked_of(wards: Sequence[str], query: Mapping[str, str], today: date) -> Asked:
    """The days of an address, at most 366 and none that is not over; the last 30 where there are none."""
    yesterday = today - timedelta(days=1)
    until = min(day_typed(query.get("until")) or yesterday, yesterday)
    since = min(day_typed(query.get("since")) or until - timedelta(days=DAYS - 1), until)
    since = max(since, until - timedelta(days=MOST_DAYS - 1))
    return Asked(tuple(wards), Days(since, until), "month" if query.get("by") == "month" else "day")


def whole(found: ByDay) -> Period:
    """All days together."""
    return _summed("", found)


def periods(found: ByDay, step: Step) -> list[Period]:
    """The days or the months, the first one first. A month holds only the days that were asked for."""
    length = len("2026-11-27") if step == "day" else len("2026-11")
    parts: dict[str, dict[date, Mapping[str, int]]] = {}
    for on, terms in found.items():
        parts.setdefault(on.isoformat()[:length], {})[on] = terms
    return [_summed(name, part) for name, part in parts.items()]


def _summed(name: str, found: ByDay) -> Period:
    counts: Counter[str] = Counter()
    for terms in found.values():
        counts.update(terms)
    # Not a sum of days: who lay there when the time began, and who came since.
    begun = found[min(found)].get("lying_before", 0) if found else 0
    counts["patients"] = begun + counts["arrived"]
    return Period(name, counts, len(found))
