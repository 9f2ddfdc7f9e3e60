"""Which frequencies and windows hold."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from server.house.holding import Holding
from server.orders.schedules import Schedules, our_schedules, read_schedules

KIND = "schedules"

_HOLDING = Holding(KIND, read_schedules, our_schedules)


def schedules_at(conn: Connection, now: datetime) -> Schedules:
    """What holds for orders that are issued now and for doses that are planned now."""
    return _HOLDING.at(conn, now)
