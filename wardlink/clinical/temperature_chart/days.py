"""The rows above the grid: dates, days in hospital, days after an operation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from wardlink.clinical.temperature_chart.conventions import Conventions
from wardlink.clinical.temperature_chart.page import DAYS

_ROMAN = ("", "Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "Ⅵ", "Ⅶ", "Ⅷ", "Ⅸ", "Ⅹ")


def days_of(admitted_on: date, week: int) -> tuple[date, ...]:
    """The days of a page; the first page begins with the day of admission."""
    first = admitted_on + timedelta(days=DAYS * (week - 1))
    return tuple(first + timedelta(days=day) for day in range(DAYS))


def weeks_until(admitted_on: date, last_on: date) -> int:
    """How many pages a stay has when `last_on` is its last day so far."""
    return max(0, (last_on - admitted_on).days) // DAYS + 1


def date_text(on: date, before: date | None) -> str:
    """A date as the row writes it; `before` is the day beside it, None for the first of a page."""
    if before is None or on.year != before.year:
        return on.isoformat()
    return f"{on:%m-%d}" if on.month != before.month else f"{on:%d}"


def post_op_text(on: date, operations: Iterable[date], by: Conventions) -> str:
    """How many days after each operation it is; the newest stands first. Empty: none, or long ago."""
    done = sorted(set(operations))
    first = 0 if by.writes_day_of_surgery else 1
    since = [(number, (on - day).days) for number, day in enumerate(done, 1)]
    counted = [(number, days) for number, days in since if first <= days <= by.post_op_days]
    if not counted:
        return ""
    if by.second_operation == "roman" and len(done) > 1 and counted[-1][0] > 1:
        number, days = counted[-1]
        return f"{_ROMAN[min(number, len(_ROMAN) - 1)]}-{days}"
    return "/".join(str(days) for _number, days in reversed(counted))
