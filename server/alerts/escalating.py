"""Which chains hold: read inside the transaction that asks, so that what is decided and what is written agree."""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy import Connection

from server.alerts.escalation import Escalation, our_escalation, read_escalation
from server.house.keeping import Version, standing, text_of, versions
from wardlink.errors import Misconfigured

log = structlog.get_logger(__name__)

KIND = "escalation"
_MOST_READ = 16

_read: dict[str, Escalation | None] = {}
"""By digest; None for a version that cannot be read."""


def escalation_at(conn: Connection, now: datetime) -> Escalation:
    """Who is asked in which order now: the hospital's version that holds, else what ships."""
    for version in standing(versions(conn, KIND), now):
        found = _read_once(conn, version)
        if found is not None:
            return found
    return our_escalation()


def _read_once(conn: Connection, version: Version) -> Escalation | None:
    if version.digest not in _read:
        try:
            found = read_escalation(text_of(conn, KIND, version.no))
        except Misconfigured as fault:
            log.warning("escalation.refused", version=version.no, detail=str(fault))
            found = None
        if len(_read) >= _MOST_READ:
            _read.clear()
        _read[version.digest] = found
    return _read[version.digest]
