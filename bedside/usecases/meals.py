"""My meals: what can be had for which meal, what was ordered, and what is sent to the kitchen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bedside.usecases.refusals import last_refusal
from wardlink.clinical.meals.dishes import Dish
from wardlink.clinical.meals.findings import Finding, blocks
from wardlink.clinical.meals.menu import Menu, dishes_called
from wardlink.clinical.meals.rules import Asker, check, of_dish, of_slot
from wardlink.clinical.meals.states import CHANGEABLE, STANDS
from wardlink.clinical.meals.suggestion import suggested
from wardlink.clinical.meals.times import Meal, Slot, slots
from wardlink.messages.meals import CancelMeal, ChangeMeal, OrderMeal
from wardlink.record.diet_cards import DIET_CARD, diet_card_id
from wardlink.record.meals import MEAL
from wardlink.record.menus import MENU

if TYPE_CHECKING:
    from datetime import datetime

    from bedside.ports import Board, Place, Terminal
    from bedside.usecases.session import Session
    from wardlink.clinical.meals.eater import Eater
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.meals import MealView

REQUESTS = ("meal.order", "meal.change", "meal.cancel")


@dataclass(frozen=True)
class MyMeals:
    """Everything about meals that this screen holds. `menu` and `eater` are None until the ward has told them.

    `unsent`: meals of which something waits for the kitchen's answer. `refused`: what the kitchen said no to last.
    """

    stay: EncounterView
    menu: Menu | None
    eater: Eater | None
    meals: tuple[MealView, ...]
    unsent: frozenset[str]
    refused: str | None = None
    by: Asker = "patient"

    def standing(self, slot: Slot) -> MealView | None:
        """The meal that is ordered for this slot; the first, should there be an extra beside it."""
        return next((m for m in self.meals if (m.on, m.slot) == (slot.on, slot.meal) and m.state in STANDS), None)

    def ended(self, slot: Slot) -> MealView | None:
        """The last one that will not come."""
        found = [m for m in self.meals if (m.on, m.slot) == (slot.on, slot.meal) and m.state not in STANDS]
        return found[-1] if found else None

    def others(self, slot: Slot) -> dict[Meal, Sequence[Dish]]:
        """The dishes of the other meals of that day."""
        if self.menu is None:
            return {}
        return {
            meal.slot: dishes_called(self.menu, meal.codes)
            for meal in self.meals
            if meal.on == slot.on and meal.slot != slot.meal and meal.state in STANDS
        }

    def closed(self, slot: Slot, now: datetime) -> list[Finding]:
        """Why nothing can be ordered for this meal; empty if something can."""
        return blocks(of_slot(self.eater, slot, now, by=self.by)) if self.eater is not None else []

    def suggestion(self, slot: Slot) -> tuple[Dish, ...]:
        """What is suggested; empty where nothing fits."""
        if self.menu is None or self.eater is None:
            return ()
        return suggested(self.eater, self.menu, slot, self.others(slot))

    def next_suggestion(self, now: datetime) -> tuple[Slot, tuple[Dish, ...]] | None:
        """The first meal that can be ordered, is not, and for which something is suggested."""
        for slot in slots(now):
            if self.standing(slot) is None and not self.closed(slot, now) and (dishes := self.suggestion(slot)):
                return slot, dishes
        return None

    def choices(self, slot: Slot) -> list[tuple[Dish, list[Finding]]]:
        """The dishes of a meal with what the rules say of each: the suggested, then what fits, then the rest."""
        if self.menu is None or self.eater is None:
            return []
        first = self.suggestion(slot)
        found = [(dish, list(of_dish(self.eater, dish))) for dish in self.menu.dishes_of(slot)]
        return sorted(found, key=lambda one: (bool(blocks(one[1])), one[0] not in first))

    def findings(self, slot: Slot, dishes: Sequence[Dish], now: datetime) -> list[Finding]:
        """Everything the rules say about ordering these."""
        if self.eater is None:
            return []
        return check(self.eater, slot, dishes, now, by=self.by, others=self.others(slot))

    def can_change(self, meal: MealView, now: datetime) -> bool:
        """Whether the kitchen still lets it be changed or cancelled."""
        return meal.state in CHANGEABLE and now < Slot(meal.on, meal.slot).cutoff_at


def read(terminal: Terminal, stay: EncounterView, by: Asker = "patient") -> MyMeals:
    """From this terminal's own disk; `by`: who has opened the screen."""
    board: Board = terminal.replica
    menus = board.records(MENU)
    card = board.record(DIET_CARD, diet_card_id(stay.id))
    return MyMeals(
        stay=stay,
        menu=menus[-1].menu if menus else None,
        eater=card.eater if card is not None else None,
        meals=tuple(board.records(MEAL, encounter=stay.id)),
        unsent=board.unsent_records(MEAL),
        refused=last_refusal(terminal.outbox, REQUESTS, stay.id),
        by=by,
    )


def order(
    terminal: Terminal, place: Place, session: Session, slot: Slot, codes: Sequence[str], changes: str | None
) -> None:
    """Ask the kitchen for these dishes; `changes`: in the place of the meal with this id.

    Raises:
        StoreFailed: it could not be kept.
    """
    body = (
        OrderMeal(on=slot.on, slot=slot.meal, dishes=tuple(codes))
        if changes is None
        else ChangeMeal(meal=changes, dishes=tuple(codes))
    )
    kind = "meal.order" if changes is None else "meal.change"
    terminal.record(kind, body, actor=session.actor, encounter=session.encounter, bed=place.bed)


def cancel(terminal: Terminal, place: Place, session: Session, meal: str) -> None:
    """Ask the kitchen to leave it.

    Raises:
        StoreFailed: it could not be kept.
    """
    body = CancelMeal(meal=meal)
    terminal.record("meal.cancel", body, actor=session.actor, encounter=session.encounter, bed=place.bed)
