"""The round of the meals: tells the menu, follows every stay of which something was told, and closes orders in time.

By the server's clock, whether or not anybody looks; what was missed is made up by the next look.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import structlog
from sqlalchemy import select
from sqlmodel import col

from server.changes import Range
from server.core import Core
from server.meals.following import due
from server.meals.menus import MenuFile, menu_of
from server.patients.models import Encounter, Ward
from server.record.service import records_of
from wardlink.clinical.meals.menu import as_plain
from wardlink.clinical.meals.states import CHANGEABLE
from wardlink.clinical.meals.times import Slot
from wardlink.errors import WardlinkError
from wardlink.messages.base import Actor
from wardlink.messages.meals import SetMenu
from wardlink.record.assessments import ASSESSMENT
from wardlink.record.diet_cards import DIET_CARD
from wardlink.record.isolations import ISOLATION
from wardlink.record.meals import MEAL
from wardlink.record.orders import ORDER

log = structlog.get_logger(__name__)

TICK_S = 1.0
PAUSE_S = 0.01
"""Between two stays: the ingest shares the processor and the writer's lock with us."""
EVERYTHING_EVERY_S = 900.0
CLOSE_EVERY_S = 10.0
"""A cut-off is kept by the order itself; the kitchen hears of it so much later at most."""
_BACK = timedelta(days=2)

SERVER = Actor(kind="system", id="server")

_TELLING = frozenset((ORDER.change, ASSESSMENT.change, DIET_CARD.change, ISOLATION.change, "encounter.changed"))
_VITALS = frozenset(("vitals.recorded", "vitals.struck"))
_ASKED = ('"acvpu"', '"glucose_')
"""Of a set of vital signs only these matter here: a monitor tells another every second."""


class MealRound:
    """One thread for the meals of this server. `file` is the menu's."""

    def __init__(self, core: Core, path: Path | None, *, tick_s: float = TICK_S) -> None:
        self._core = core
        self.file = MenuFile(path)
        self._tick_s = tick_s
        self._ends: dict[str, Callable[[], None]] = {}
        self._wanted: dict[str, None] = {}
        self._lock = threading.Lock()
        self._looked_s = self._closed_s = float("-inf")
        self._told: dict[str, object] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="meal round", daemon=True)

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
        """Bring the meals of one stay in line with its record; how many things were said."""
        now = self._core.clock.now()
        with self._core.db.read() as conn:
            if not due(conn, encounter, now).commands:
                return 0
        with self._core.transaction() as batch:
            found = due(batch.conn, encounter, now)
            for kind, body in found.commands:
                command = self._core.command(
                    kind, body, ward=found.stay.ward, actor=SERVER, encounter=encounter, bed=found.stay.bed
                )
                self._core.apply(batch, command)
        return len(found.commands)

    def look_at_everything(self) -> int:
        """Look at every stay that is not over once; how many things were said."""
        return sum(self.look(encounter) for encounter in self._stays())

    def tell_menu(self) -> int:
        """Tell each ward the menu, where it does not have it; how many were told."""
        menu = self.file.look()
        if menu is None:
            return 0
        told = 0
        for ward in self._wards():
            if self._told.get(ward) is menu:
                continue
            with self._core.db.read() as conn:
                known = menu_of(conn, ward)
            if known is None or as_plain(known) != as_plain(menu):
                self._core.execute("menu.set", SetMenu(menu=menu), ward=ward, actor=SERVER)
                told += 1
            self._told[ward] = menu
        return told

    def close_orders(self) -> None:
        """Note the stays with orders whose cut-off is over."""
        now = self._core.clock.now()
        wards = self._wards()
        with self._core.db.read() as conn:
            placed = [
                meal
                for ward in wards
                for meal in records_of(conn, MEAL, ward=ward, since=now - _BACK, states=CHANGEABLE)
            ]
        found = {meal.encounter: None for meal in placed if now >= Slot(meal.on, meal.slot).cutoff_at}
        with self._lock:
            self._wanted |= {encounter: None for encounter in found if encounter is not None}

    def hear(self, found: Range) -> None:
        """Changes were told: note where to look. Called from the thread that tells them."""
        told = {
            row["encounter"]: None
            for row in found.rows
            if row["encounter"]
            and (row["kind"] in _TELLING or (row["kind"] in _VITALS and any(name in row["body"] for name in _ASKED)))
        }
        with self._lock:
            self._wanted |= told

    def _wards(self) -> list[str]:
        with self._core.db.read() as conn:
            return list(conn.execute(select(col(Ward.id)).order_by(col(Ward.id))).scalars())

    def _stays(self) -> list[str]:
        query = select(col(Encounter.id)).where(col(Encounter.status) == "in-progress").order_by(col(Encounter.id))
        with self._core.db.read() as conn:
            return list(conn.execute(query).scalars())

    def _note(self) -> None:
        for ward in self._wards():
            if ward not in self._ends:
                self._ends[ward] = self._core.live.subscribe(ward, self.hear)
        self.tell_menu()
        now_s = self._core.clock.monotonic_s()
        if now_s - self._looked_s >= EVERYTHING_EVERY_S:
            with self._lock:
                self._wanted |= dict.fromkeys(self._stays())
            self._looked_s = now_s
        if now_s - self._closed_s >= CLOSE_EVERY_S:
            self.close_orders()
            self._closed_s = now_s

    def _next(self) -> str | None:
        with self._lock:
            found = next(iter(self._wanted), None)
            if found is not None:
                del self._wanted[found]
        return found

    def _run(self) -> None:
        while not self._stopping.wait(self._tick_s):
            try:
                self._note()
            except Exception as fault:
                # An edge: whatever it is, the next look tries again.
                log.exception("meal-round.failed", error=type(fault).__name__)
            while not self._stopping.is_set() and (encounter := self._next()) is not None:
                self._try(encounter)
                self._stopping.wait(PAUSE_S)

    def _try(self, encounter: str) -> None:
        try:
            self.look(encounter)
        except WardlinkError as fault:
            log.warning("meal-round.refused", error=fault.code, encounter=encounter)
        except Exception as fault:
            # An edge: the next look at everything tries this stay again.
            log.exception("meal-round.failed", error=type(fault).__name__, encounter=encounter)
