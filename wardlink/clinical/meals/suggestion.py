"""The set that is suggested for a meal: the same for the same patient, menu and day, whoever asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from wardlink.clinical.meals.diets import made_for
from wardlink.clinical.meals.dishes import Dish
from wardlink.clinical.meals.eater import Eater
from wardlink.clinical.meals.findings import blocks
from wardlink.clinical.meals.menu import Menu
from wardlink.clinical.meals.rules import of_day, of_dish, one_main
from wardlink.clinical.meals.times import Meal, Slot


def suggested(
    eater: Eater, menu: Menu, slot: Slot, others: Mapping[Meal, Sequence[Dish]] | None = None
) -> tuple[Dish, ...]:
    """The first set of the patient's own diets that no rule forbids, then of the others; empty if there is none.

    A set without a warning goes before one with.
    """
    fit = []
    for dishes in _sets(eater, menu, slot):
        found = [finding for dish in dishes for finding in of_dish(eater, dish)]
        found += [*one_main(dishes), *of_day(eater, slot, dishes, others or {})]
        priced = all(dish.fen_on(slot.on) is not None for dish in dishes)
        if priced and not blocks(found):
            fit.append((len([finding for finding in found if finding.level == "warn"]), dishes))
    return min(fit, key=lambda one: one[0])[1] if fit else ()


def _sets(eater: Eater, menu: Menu, slot: Slot) -> Iterator[tuple[Dish, ...]]:
    offers = menu.offers(slot)
    own = made_for(eater.diets)
    for diet in (*own, *(diet for diet in offers if diet not in own)):
        yield from offers.get(diet, ())
