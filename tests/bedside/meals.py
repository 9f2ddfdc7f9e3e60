"""What becomes of the meals of the sample bed."""

from __future__ import annotations

from typing import Any

from bedside.sample.meals import sample_meals
from tests.bedside.screens import Hand
from wardlink.clinical.meals.eater import Eater
from wardlink.clinical.meals.findings import Finding
from wardlink.messages.meals import DietCardView, MealView
from wardlink.record.diet_cards import DIET_CARD
from wardlink.record.meals import MEAL


def meals(hand: Hand) -> list[MealView]:
    """The meals that this bed holds, the first ordered first."""
    return [view for view in hand.terminal.replica.kept.values() if isinstance(view, MealView)]


def mark_meal(hand: Hand, meal: MealView, **changed: Any) -> None:
    """The server tells something about a meal."""
    hand.terminal.tell_record(MEAL, meal.model_copy(update=changed))


def stop_last_meal(hand: Hand, *why: Finding) -> None:
    """The server has cancelled the last meal."""
    hand.terminal.deliver()
    mark_meal(hand, meals(hand)[-1], state="cancelled", why=why)


def eats(hand: Hand, eater: Eater) -> None:
    """The ward tells how the patient eats."""
    stay = hand.terminal.replica.stay
    assert stay is not None
    for view in sample_meals(stay, hand.clock.now(), eater).values():
        if isinstance(view, DietCardView):
            hand.terminal.tell_record(DIET_CARD, view)
