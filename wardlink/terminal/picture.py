"""What a curve shows: series of one unit over a stretch of time. Values only; `curve` paints them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from wardlink.terminal.plot import Reading


@dataclass(frozen=True)
class Series:
    """One line. All series of a curve share its unit and its scale.

    `joins`: neighbours further apart are not joined. `stale`: its newest value is old, and it is drawn and
    named so. `usual`: the normal range, as two dotted lines.
    """

    label: str
    readings: tuple[Reading, ...]
    joins: timedelta
    stale: bool = False
    usual: tuple[float, float] | None = None


@dataclass(frozen=True)
class Picture:
    """Everything a curve shows. `limits` are what the scale never passes, `least_span` its least height."""

    unit: str
    series: tuple[Series, ...]
    start_at: datetime
    end_at: datetime
    least_span: float
    limits: tuple[float, float]
    decimals: int = 0

    def visible(self) -> tuple[Series, ...]:
        """The series, cut to the window, with the neighbour on either side kept so that lines run to the edge."""
        return tuple(replace(s, readings=_around(s.readings, self.start_at, self.end_at)) for s in self.series)


def _around(readings: tuple[Reading, ...], start_at: datetime, end_at: datetime) -> tuple[Reading, ...]:
    inside = [i for i, reading in enumerate(readings) if start_at <= reading.at <= end_at]
    if not inside:
        return ()
    return readings[max(0, inside[0] - 1) : inside[-1] + 2]
