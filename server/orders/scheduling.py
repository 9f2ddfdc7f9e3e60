"""Which frequencies and windows hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from server.house.holding import Holding
from server.orders.schedules import Schedules, our_schedules, read_schedules
from server.orders.timings import kept_otherwise
from wardlink.i18n import N_

KIND = "schedules"

_GOES_ON = N_(
    "Orders that are not over and go on by other times than this file gives: {count}, by frequency and number: {codes}."
)

_HOLDING = Holding(KIND, read_schedules, our_schedules)


def schedules_at(conn: Connection, now: datetime) -> Schedules:
    """What holds for orders that are issued now and for doses that are planned now."""
    return _HOLDING.at(conn, now)


def orders_that_go_on(conn: Connection, after: Schedules) -> Sequence[tuple[str, Mapping[str, object]]]:
    """How many orders would go on by other times than a new version gives. Reads the database."""
    counts = kept_otherwise(conn, after.frequencies)
    if not counts:
        return []
    codes = ", ".join(f"{code} {count}" for code, count in sorted(counts.items()))
    return [(_GOES_ON, {"count": counts.total(), "codes": codes})]
