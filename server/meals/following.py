"""Brings a stay's diet card and its ordered meals in line with what the record says of the patient.

It compares what should stand there with what does, and nothing else: whoever looks twice finds nothing more to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from server.meals.facts import card_of, eater_of, in_arrears
from server.meals.menus import menu_of
from server.money.standing import Expectation
from server.patients.service import encounter_view
from server.record.service import records_of
from wardlink.clinical.meals.dishes import Dish
from wardlink.clinical.meals.eater import Eater
from wardlink.clinical.meals.findings import Finding
from wardlink.clinical.meals.menu import dishes_called
from wardlink.clinical.meals.rules import recheck
from wardlink.clinical.meals.states import CHANGEABLE, after
from wardlink.clinical.meals.times import Meal, Slot
from wardlink.errors import NotFound
from wardlink.messages.base import Message
from wardlink.messages.encounters import EncounterView
from wardlink.messages.meals import FollowDietCard, LockMeal, MealView, StopMeal
from wardlink.record.meals import MEAL

_ORDERING = ("order", "change")

_BACK = timedelta(days=2)
"""What was served longer ago is over, whatever was said of it."""


@dataclass(frozen=True)
class Due:
    """What the server must say about a stay's meals, each with its kind of command."""

    stay: EncounterView
    commands: tuple[tuple[str, Message], ...]


def due(conn: Connection, encounter: str, now: datetime, expected: Expectation) -> Due:
    """Compare; changes nothing. `expected`: what the insurance of a stay is expected to pay.

    Raises:
        NotFound: there is no such stay.
    """
    stay = encounter_view(conn, encounter)
    if stay is None:
        raise NotFound(what="stay", name=encounter)
    card = card_of(conn, encounter)
    ended = stay.status != "in-progress"
    if ended and (card is None or card.ended):
        return Due(stay, ())
    arrears = in_arrears(conn, encounter, now, expected)
    eater = eater_of(conn, stay, card, now, arrears=arrears)
    said: list[tuple[str, Message]] = []
    if card is None or card.eater != eater or card.ended != ended:
        said.append(("diet-card.follow", FollowDietCard(eater=eater, ended=ended)))
    stopped = _forbidden(conn, stay, eater, now)
    said += [("meal.stop", StopMeal(meal=meal.id, why=tuple(why[:20]))) for meal, why in stopped]
    gone = {meal.id for meal, _why in stopped}
    said += [
        ("meal.lock", LockMeal(meal=meal.id))
        for meal in records_of(conn, MEAL, encounter=encounter, since=now - _BACK, states=CHANGEABLE)
        if meal.id not in gone and now >= Slot(meal.on, meal.slot).cutoff_at
    ]
    return Due(stay, tuple(said))


def _forbidden(
    conn: Connection, stay: EncounterView, eater: Eater, now: datetime
) -> list[tuple[MealView, list[Finding]]]:
    """Meals to come that this patient may not have any more; of a day that holds too much the later ones."""
    menu = menu_of(conn, stay.ward)
    found: list[tuple[MealView, list[Finding]]] = []
    kept: dict[object, dict[Meal, list[Dish]]] = {}
    for meal in records_of(conn, MEAL, encounter=stay.id, since=now - _BACK):
        slot = Slot(meal.on, meal.slot)
        if after(meal.state, "cancel") is None or (slot.until_at <= now and stay.status == "in-progress"):
            continue
        dishes = dishes_called(menu, meal.codes) if menu else []
        day = kept.setdefault(meal.on, {})
        why = recheck(eater, slot, dishes, day)
        if any(step.reason for step in meal.steps if step.what in _ORDERING):
            # Somebody who may has looked at the sums of this day.
            why = [finding for finding in why if finding.rule != "M09"]
        if why:
            found.append((meal, why))
        else:
            day.setdefault(meal.slot, []).extend(dishes)
    return found
