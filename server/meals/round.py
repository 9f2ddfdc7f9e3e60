"""The round of the meals: tells the menu, follows every stay of which something was told, and closes orders in time.

By the server's clock, whether or not anybody looks; what was missed is made up by the next look.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from server.core import Core
from server.house.file import SERVER, Telling
from server.meals.following import due
from server.meals.menus import menu_file, menu_of
from server.money.ledger import ENTRY
from server.money.standing import Expectation
from server.patients.models import Encounter
from server.record.service import records_of
from server.stay_round import StayRound
from wardlink.clinical.meals.menu import as_plain
from wardlink.clinical.meals.states import CHANGEABLE
from wardlink.clinical.meals.times import Slot
from wardlink.messages.meals import SetMenu
from wardlink.record.assessments import ASSESSMENT
from wardlink.record.diet_cards import DIET_CARD
from wardlink.record.isolations import ISOLATION
from wardlink.record.meals import MEAL
from wardlink.record.orders import ORDER

TICK_S = 1.0
PAUSE_S = 0.01
EVERYTHING_EVERY_S = 900.0
CLOSE_EVERY_S = 10.0
"""A cut-off is kept by the order itself; the kitchen hears of it so much later at most."""
_BACK = timedelta(days=2)
_LATE = timedelta(hours=1)
"""How late a payment may be booked and still be noticed before the next look at everything."""

_TELLING = frozenset(
    (ORDER.change, ASSESSMENT.change, DIET_CARD.change, ISOLATION.change, "encounter.changed", "vitals.struck")
)
_ASKED = ('"acvpu":', '"glucose_')
"""Readings that matter here: a monitor tells others every second. With its colon, for a score names what is missing."""


class MealRound(StayRound):
    """One thread for the meals of this server. `file` is the menu's; `expected`: what insurances will likely pay."""

    def __init__(self, core: Core, path: Path | None, expected: Expectation, *, tick_s: float = TICK_S) -> None:
        super().__init__(core, "meal-round", tick_s=tick_s, pause_s=PAUSE_S)
        self.file = menu_file(core, path)
        self._telling = Telling(
            core,
            self.file,
            known=menu_of,
            command=lambda menu: ("menu.set", SetMenu(menu=menu)),
            same=lambda one, other: as_plain(one) == as_plain(other),
        )
        self._expected = expected
        self._looked_s = self._closed_s = float("-inf")
        self._paid_until = core.clock.now()

    def look(self, encounter: str) -> int:
        """Bring the meals of one stay in line with its record; how many things were said."""
        now = self._core.clock.now()
        with self._core.db.read() as conn:
            if not due(conn, encounter, now, self._expected).commands:
                return 0
        with self._core.transaction() as batch:
            found = due(batch.conn, encounter, now, self._expected)
            for kind, body in found.commands:
                command = self._core.command(
                    kind, body, ward=found.stay.ward, actor=SERVER, encounter=encounter, bed=found.stay.bed
                )
                self._core.apply(batch, command)
        return len(found.commands)

    def tell_menu(self) -> int:
        """Tell each ward the menu, where it does not have it; how many were told."""
        return self._telling.tell(self.wards())

    def close_orders(self) -> None:
        """Note the stays with orders whose cut-off is over."""
        now = self._core.clock.now()
        wards = self.wards()
        with self._core.db.read() as conn:
            placed = [
                meal
                for ward in wards
                for meal in records_of(conn, MEAL, ward=ward, since=now - _BACK, states=CHANGEABLE)
            ]
        self.note(m.encounter for m in placed if m.encounter is not None and now >= Slot(m.on, m.slot).cutoff_at)

    def note_paid(self) -> None:
        """Note the stays for which money came since the last time: they may order again."""
        now = self._core.clock.now()
        new = (ENTRY.c.at > self._paid_until - _LATE) & (ENTRY.c.booked_at >= self._paid_until)
        query = select(ENTRY.c.encounter).where(new, ENTRY.c.kind == "deposit_in").distinct()
        with self._core.db.read() as conn:
            self.note(conn.execute(query).scalars())
        self._paid_until = now

    def concerns(self, row: Any) -> bool:
        """Whether what a patient may eat may have changed by it."""
        if row["kind"] == "vitals.recorded":
            return any(name in row["body"] for name in _ASKED)
        return row["kind"] in _TELLING

    def stays(self) -> list[str]:
        """Those in progress."""
        query = select(col(Encounter.id)).where(col(Encounter.status) == "in-progress").order_by(col(Encounter.id))
        with self._core.db.read() as conn:
            return list(conn.execute(query).scalars())

    def note_due(self) -> None:
        """A new menu, all stays now and then, and orders whose cut-off is over."""
        self.tell_menu()
        now_s = self._core.clock.monotonic_s()
        if now_s - self._looked_s >= EVERYTHING_EVERY_S:
            self.note(self.stays())
            self._looked_s = now_s
        if now_s - self._closed_s >= CLOSE_EVERY_S:
            self.close_orders()
            self.note_paid()
            self._closed_s = now_s
