"""Which meal of which wards a visitor of the kitchen's pages asks for, and what is read of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from server.dashboard import tables
from server.dashboard.guard import address
from server.dashboard.visit import Visit
from server.meals.kitchen import Production, production
from server.meals.prints import Change, Printed, changes, newest
from wardlink.clinical.meals.times import MEALS, Meal, Slot, slots
from wardlink.clock import ward_date
from wardlink.errors import NoRight

_AFTER = timedelta(hours=1)
"""So long after serving has ended a meal is still the one at hand."""


@dataclass(frozen=True)
class Asked:
    """`wards`: ids and names of those shown; `ward`: the one asked for, None for all of the visitor's."""

    slot: Slot
    ward: str | None
    wards: tuple[tuple[str, str], ...]

    def kept(self, *, on: date | None = None, meal: Meal | None = None) -> dict[str, str]:
        """The query that leads here again, or to another day or meal."""
        found = {"on": (on or self.slot.on).isoformat(), "meal": meal or self.slot.meal}
        return found | ({"ward": self.ward} if self.ward else {})

    def address(self, path: str = "/kitchen", *, on: date | None = None, meal: Meal | None = None) -> str:
        """The address of a page of the kitchen for this meal."""
        return tables.address_with(address(path), self.kept(on=on, meal=meal))


@dataclass(frozen=True)
class OfWard:
    """A meal of one ward. `printed`: None as long as no label was printed; `changes`: since then."""

    ward: str
    name: str
    found: Production
    printed: Printed | None
    changes: tuple[Change, ...]


def slot_asked(asked: Mapping[str, str], now: datetime) -> Slot:
    """The meal of an address; the one at hand where there is none, or where it is no meal or no day."""
    meal = asked.get("meal")
    try:
        on = date.fromisoformat(asked.get("on", ""))
    except ValueError:
        return at_hand(now)
    if meal not in MEALS or abs(on - ward_date(now)) > timedelta(days=366):
        return at_hand(now)
    return Slot(on, meal)


def at_hand(now: datetime) -> Slot:
    """The first meal that is not over."""
    return next(slot for slot in slots(now) if now < slot.until_at + _AFTER)


def asked_of(visitor: Visit, asked: Mapping[str, str]) -> Asked:
    """What an address asks for. Reads the database.

    Raises:
        NoRight: the ward is none of the visitor's, or the visitor has nothing to do with the kitchen.
    """
    if not visitor.may("meal.kitchen"):
        raise NoRight
    ward, mine = asked.get("ward") or None, visitor.wards()
    if ward is not None and ward not in dict(mine):
        raise NoRight
    shown = tuple((name, label) for name, label in mine if ward in (None, name))
    return Asked(slot_asked(asked, visitor.core.clock.now()), ward, shown)


def of_wards(conn: Connection, asked: Asked) -> list[OfWard]:
    """The meal, ward by ward."""
    result = []
    for ward, name in asked.wards:
        found, printed = production(conn, ward, asked.slot), newest(conn, ward, asked.slot)
        changed = tuple(changes(printed.trays, found.trays)) if printed is not None else ()
        result.append(OfWard(ward, name, found, printed, changed))
    return result
