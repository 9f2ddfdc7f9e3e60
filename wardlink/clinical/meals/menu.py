"""The menu: the dishes of a hospital, and what is offered for which meal of which day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from wardlink.clinical.meals.dishes import Dish
from wardlink.clinical.meals.times import Meal, Slot

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY = "every"


@dataclass(frozen=True)
class Offered:
    """The sets of one diet on one weekday, each a list of codes of dishes; the first is what is suggested."""

    diet: str
    weekday: str
    meal: Meal
    sets: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Cycle:
    """What is offered from a day on until the next cycle begins."""

    from_on: date
    offers: tuple[Offered, ...]


@dataclass(frozen=True)
class Menu:
    """All dishes, and the cycles in the order in which they begin. `sample`: nobody cooks this."""

    name: str
    source: str
    as_of: date
    sample: bool
    dishes: tuple[Dish, ...]
    cycles: tuple[Cycle, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Dish]:
        """The dishes by their codes."""
        return {dish.code: dish for dish in self.dishes}

    def offers(self, slot: Slot) -> Mapping[str, Sequence[tuple[Dish, ...]]]:
        """The sets that are offered for a meal, by the diet for which they are made, in the order of the menu."""
        cycle = next((cycle for cycle in reversed(self.cycles) if cycle.from_on <= slot.on), None)
        day, found = WEEKDAYS[slot.on.weekday()], {}
        for offer in cycle.offers if cycle else ():
            if offer.meal == slot.meal and offer.weekday in (day, EVERY):
                found[offer.diet] = [tuple(self.by_code[code] for code in codes) for codes in offer.sets]
        return found

    def dishes_of(self, slot: Slot) -> Sequence[Dish]:
        """Every dish that can be had with a meal and has a price that day, each once, in the order of the menu."""
        found = [dish for sets in self.offers(slot).values() for dishes in sets for dish in dishes]
        return [dish for dish in dict.fromkeys(found) if dish.fen_on(slot.on) is not None]


def dishes_called(menu: Menu, codes: Sequence[str]) -> Sequence[Dish]:
    """These dishes, those left out that the menu does not have any more."""
    return [menu.by_code[code] for code in codes if code in menu.by_code]


def as_plain(menu: Menu) -> dict[str, Any]:
    """A menu without what is only for its own file: what makes two menus the same."""
    return {"dishes": menu.dishes, "cycles": menu.cycles, "sample": menu.sample, "name": menu.name}
