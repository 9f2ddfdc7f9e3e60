"""The charging round: looks at the stays of which something was told, and at all of them when a day is over.

By the server's clock, whether or not anybody looks. What is told meanwhile only says where to look; a look that was
missed is made up by the next.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import col

from server.core import Core
from server.money.charges import bring_up, due
from server.money.prices import PriceList
from server.money.rules import looked_at_after_discharge
from server.patients.models import Encounter
from server.stay_round import StayRound
from wardlink.clock import ward_date
from wardlink.record.doses import DOSE
from wardlink.record.meals import MEAL
from wardlink.record.orders import ORDER

TICK_S = 2.0
PAUSE_S = 0.02
EVERYTHING_EVERY_S = 900.0

_TELLING = frozenset((DOSE.change, MEAL.change, ORDER.change, "encounter.changed"))
"""Kinds of change by which what must be charged may have changed."""


class ChargeRound(StayRound):
    """Keeps the books of all stays of this server in line with what was done. `prices`: the list that holds now."""

    def __init__(self, core: Core, prices: Callable[[], PriceList], *, tick_s: float = TICK_S) -> None:
        super().__init__(core, "charging-round", tick_s=tick_s, pause_s=PAUSE_S)
        self._prices = prices
        self._day: date | None = None
        self._looked_s = float("-inf")

    def look(self, encounter: str) -> int:
        """Bring the charges of one stay in line with its record; how many lines were written."""
        now = self._core.clock.now()
        with self._core.db.read() as conn:
            found = due(conn, encounter, self._prices(), now)
        if not found.to_book and not found.to_take_back:
            return 0
        with self._core.db.write() as conn:
            return bring_up(conn, encounter, self._prices(), now)

    def stays(self) -> list[str]:
        """Those in progress, and for some days those that have ended."""
        since = self._core.clock.now() - looked_at_after_discharge()
        here = or_(col(Encounter.status) == "in-progress", col(Encounter.discharged_at) > since)
        with self._core.db.read() as conn:
            return list(conn.execute(select(col(Encounter.id)).where(here).order_by(col(Encounter.id))).scalars())

    def concerns(self, row: Any) -> bool:
        """Whether what must be charged may have changed by it."""
        return row["kind"] in _TELLING

    def note_due(self) -> None:
        """All of them on a new day, and now and then."""
        now_s, today = self._core.clock.monotonic_s(), ward_date(self._core.clock.now())
        if today != self._day or now_s - self._looked_s >= EVERYTHING_EVERY_S:
            self.note(self.stays())
            self._day, self._looked_s = today, now_s
