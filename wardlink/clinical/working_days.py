"""Working days of mainland China: weekdays, less the holidays, with the weekends that are worked for them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from wardlink.clinical.tables import load
from wardlink.clock import WARD_ZONE, ward_date

_DAY = timedelta(days=1)
_SATURDAY = 5


def is_working_day(on: date) -> bool:
    """Whether offices work on this day. Of a year whose holidays are not known yet: whether it is a weekday."""
    off, working = _known(on.year)
    return on in working or (on.weekday() < _SATURDAY and on not in off)


def holidays_known(year: int) -> bool:
    """Whether the holidays of this year have been told."""
    return str(year) in load("holidays")["years"]


def end_of_working_day(at: datetime, n: int) -> datetime:
    """The end, in UTC, of the `n`-th working day after the day of `at`; that day itself does not count.

    `n` is one or more. The end is the midnight that follows: what is done by then is in time.
    """
    on, left = ward_date(at), n
    while left:
        on += _DAY
        left -= is_working_day(on)
    return datetime.combine(on + _DAY, time(), WARD_ZONE).astimezone(UTC)


@cache
def _known(year: int) -> tuple[frozenset[date], frozenset[date]]:
    row = load("holidays")["years"].get(str(year), {"off": (), "working": ()})
    return frozenset(row["off"]), frozenset(row["working"])
