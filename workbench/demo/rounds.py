"""The rounds with which the sample ward begins: the nurses are late at a few beds. Invented."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from wardlink.messages.base import Actor
from wardlink.messages.rounds import RecordRound

if TYPE_CHECKING:
    from server.core import Core

NURSE = Actor(kind="staff", id="n-wangmin")
LATE = ("8", "24", "36")
"""Beds where a round is overdue when the demo begins, so that there is something to do."""

_LATE_MIN = 200
_LAST_MIN, _EVERY_MIN, _STEPS = 4, 3, 9


def go_round(core: Core, ward: str, stays: Mapping[str, str]) -> int:
    """Record a round at every bed in a ward that has none yet; how many. All but `LATE` were in the last half-hour."""
    from server.record.service import records_of
    from wardlink.record.rounds import ROUND

    with core.db.read() as conn:
        if records_of(conn, ROUND, ward=ward, limit=1):
            return 0
    for index, bed in enumerate(stays):
        ago_min = _LATE_MIN if bed in LATE else _LAST_MIN + _EVERY_MIN * (index % _STEPS)
        at = core.clock.now() - timedelta(minutes=ago_min)
        body = RecordRound(evidence="bed-tag")
        core.execute("round.record", body, ward=ward, actor=NURSE, encounter=stays[bed], bed=bed, measured_at=at)
    return len(stays)
