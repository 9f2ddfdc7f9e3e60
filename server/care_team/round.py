"""The round of the care teams: whenever something was told that changes one, its bed is told anew."""

from __future__ import annotations

import threading
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from server.care_team.building import due
from server.changes import Range
from server.core import Core
from server.patients.models import Encounter
from server.patients.service import occupant_of
from server.record.writing import tell
from server.roster.service import on_duty
from server.stay_round import StayRound
from wardlink.clinical.shifts import shift_at
from wardlink.record.assignments import ASSIGNMENT
from wardlink.record.care_team import CARE_TEAM
from wardlink.record.diet_cards import DIET_CARD
from wardlink.record.rehabilitation import REHAB_PLAN

TICK_S = 1.0
PAUSE_S = 0.01
EVERYTHING_EVERY_S = 900.0
"""Who works here tells nothing by itself: it is noticed so late at most."""

_TELLING = frozenset(("encounter.changed", REHAB_PLAN.change, DIET_CARD.change))


class CareTeamRound(StayRound):
    """One thread for the care teams of this server."""

    def __init__(self, core: Core, *, tick_s: float = TICK_S) -> None:
        super().__init__(core, "care-team-round", tick_s=tick_s, pause_s=PAUSE_S)
        self._looked_s = float("-inf")
        self._planned: tuple[Any, ...] = ()
        self._beds: set[tuple[str, str]] = set()
        self._beds_lock = threading.Lock()

    def look(self, encounter: str) -> int:
        """Tell the team of one stay, where it is another than was told; how much had to be said."""
        with self._core.db.read() as conn:
            if due(conn, encounter, self._core.clock.now()) is None:
                return 0
        with self._core.transaction() as batch:
            found = due(batch.conn, encounter, batch.now)
            if found is None:
                return 0
            resident = batch.census.resident(batch.conn, encounter)
            tell(batch, CARE_TEAM, found.view, ward=found.ward, is_new=found.is_new, resident=resident)
        return 1

    def stays(self) -> list[str]:
        """Everybody who lies in a bed."""
        with self._core.db.read() as conn:
            query = select(col(Encounter.id)).where(col(Encounter.status) == "in-progress")
            return list(conn.execute(query.order_by(col(Encounter.id))).scalars())

    def concerns(self, row: Any) -> bool:
        """Whether it says something of who looks after its stay."""
        return row["kind"] in _TELLING

    def hear(self, found: Range) -> None:
        """Also of assignments, which know a bed and no stay."""
        super().hear(found)
        beds = {(found.ward, row["bed"]) for row in found.rows if row["kind"] == ASSIGNMENT.change and row["bed"]}
        if beds:
            with self._beds_lock:
                self._beds |= beds

    def note_due(self) -> None:
        """Whoever lies in beds that were taken or left; all when a shift begins, a roster changes, and now and then."""
        with self._beds_lock:
            beds, self._beds = self._beds, set()
        with self._core.db.read() as conn:
            self.note(stay for bed in sorted(beds) if (stay := occupant_of(conn, *bed)) is not None)
            running = shift_at(self._core.clock.now())
            planned = (running, *(on_duty(conn, shift) for shift in (running, running.after())))
        now_s, is_new = self._core.clock.monotonic_s(), planned != self._planned
        self._planned = planned
        if is_new or now_s - self._looked_s >= EVERYTHING_EVERY_S:
            self._looked_s = now_s
            self.note(self.stays())
