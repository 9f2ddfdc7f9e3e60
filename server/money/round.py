"""The charging round: looks at the stays of which something was told, and at all of them when a day is over.

By the server's clock, whether or not anybody looks. What is told meanwhile only says where to look; a look that was
missed is made up by the next.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import structlog
from sqlalchemy import or_, select
from sqlmodel import col

from server.changes import Range
from server.core import Core
from server.money.charges import bring_up, due
from server.money.prices import PriceList
from server.money.rules import looked_at_after_discharge
from server.patients.models import Encounter, Ward
from wardlink.clock import ward_date
from wardlink.errors import WardlinkError
from wardlink.record.doses import DOSE
from wardlink.record.meals import MEAL
from wardlink.record.orders import ORDER

log = structlog.get_logger(__name__)

TICK_S = 2.0
PAUSE_S = 0.02
"""Between two stays: the ingest shares the processor and the writer's lock with us."""

EVERYTHING_EVERY_S = 900.0

_TELLING = frozenset((DOSE.change, MEAL.change, ORDER.change, "encounter.changed"))
"""Kinds of change by which what must be charged may have changed."""


class ChargeRound:
    """One thread for all stays of this server."""

    def __init__(self, core: Core, prices: PriceList, *, tick_s: float = TICK_S) -> None:
        self._core = core
        self._prices = prices
        self._tick_s = tick_s
        self._ends: dict[str, Callable[[], None]] = {}
        self._wanted: dict[str, None] = {}
        self._lock = threading.Lock()
        self._day: date | None = None
        self._looked_s = float("-inf")
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="charging round", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is at hand."""
        self._stopping.set()
        self._thread.join(timeout=10)
        for end in self._ends.values():
            end()

    def look(self, encounter: str) -> int:
        """Bring the charges of one stay in line with its record; how many lines were written."""
        now = self._core.clock.now()
        with self._core.db.read() as conn:
            found = due(conn, encounter, self._prices, now)
        if not found.to_book and not found.to_take_back:
            return 0
        with self._core.db.write() as conn:
            return bring_up(conn, encounter, self._prices, now)

    def look_at_everything(self) -> int:
        """Look at every stay once; how many lines were written."""
        return sum(self.look(encounter) for encounter in self._stays())

    def hear(self, found: Range) -> None:
        """Changes were told: note where to look. Called from the thread that tells them."""
        told = {row["encounter"]: None for row in found.rows if row["kind"] in _TELLING and row["encounter"]}
        with self._lock:
            self._wanted |= told

    def _stays(self) -> list[str]:
        since = self._core.clock.now() - looked_at_after_discharge()
        here = or_(col(Encounter.status) == "in-progress", col(Encounter.discharged_at) > since)
        with self._core.db.read() as conn:
            return list(conn.execute(select(col(Encounter.id)).where(here).order_by(col(Encounter.id))).scalars())

    def _listen(self) -> None:
        with self._core.db.read() as conn:
            wards = list(conn.execute(select(col(Ward.id))).scalars())
        for ward in wards:
            if ward not in self._ends:
                self._ends[ward] = self._core.live.subscribe(ward, self.hear)

    def _note_all_when_due(self) -> None:
        self._listen()
        now_s, today = self._core.clock.monotonic_s(), ward_date(self._core.clock.now())
        if today != self._day or now_s - self._looked_s >= EVERYTHING_EVERY_S:
            stays = dict.fromkeys(self._stays())
            with self._lock:
                self._wanted |= stays
            self._day, self._looked_s = today, now_s

    def _next(self) -> str | None:
        with self._lock:
            found = next(iter(self._wanted), None)
            if found is not None:
                del self._wanted[found]
        return found

    def _run(self) -> None:
        while not self._stopping.wait(self._tick_s):
            try:
                self._note_all_when_due()
            except Exception as fault:
                # An edge: whatever it is, the next look tries again.
                log.exception("charging-round.failed", error=type(fault).__name__)
            while not self._stopping.is_set() and (encounter := self._next()) is not None:
                self._try(encounter)
                self._stopping.wait(PAUSE_S)

    def _try(self, encounter: str) -> None:
        try:
            self.look(encounter)
        except WardlinkError as fault:
            log.warning("charging-round.refused", error=fault.code, encounter=encounter)
        except Exception as fault:
            # An edge: the next look at everything tries this stay again.
            log.exception("charging-round.failed", error=type(fault).__name__, encounter=encounter)
