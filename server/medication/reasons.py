"""Why checks were passed over and doses were given early or late, held, refused or missed: read from the sums."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from server.medication.counting import Asked, within
from server.medication.facts import WHATS, What, reason_of
from server.medication.sums import SUM


@dataclass(frozen=True, order=True)
class Reason:
    """What was done for it and how often. `check`: which one was passed over; `reason` None: nobody gave one."""

    what: What
    check: str | None
    reason: str | None
    times: int


def reasons(conn: Connection, asked: Asked) -> list[Reason]:
    """Every reason, what was done first and then the most frequent. Reads the database."""
    query = select(SUM.c.key, func.sum(SUM.c.times)).where(*within(asked, "reason")).group_by(SUM.c.key)
    told = (Reason(*reason_of(key), int(times)) for key, times in conn.execute(query) if times)
    return sorted(told, key=lambda r: (WHATS.index(r.what), -r.times, r.check or "", r.reason or ""))
