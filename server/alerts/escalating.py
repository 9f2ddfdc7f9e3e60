"""Which chains hold."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from server.alerts.escalation import Escalation, our_escalation, read_escalation
from server.house.holding import Holding

KIND = "escalation"

_HOLDING = Holding(KIND, read_escalation, our_escalation)


def escalation_at(conn: Connection, now: datetime) -> Escalation:
    """Who is asked in which order now: the hospital's version that holds, else what ships."""
    return _HOLDING.at(conn, now)
