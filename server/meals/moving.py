"""The kitchen moves the trays of a meal on, all of them together."""

from __future__ import annotations

from typing import Any, Literal

from server.core import Core
from server.meals.kitchen import production
from wardlink.clinical.meals.states import MealState
from wardlink.clinical.meals.times import Slot
from wardlink.messages.base import Actor
from wardlink.messages.meals import CookMeal, DispatchMeal

KitchenAct = Literal["cook", "dispatch"]

_BODIES: dict[KitchenAct, Any] = {"cook": CookMeal, "dispatch": DispatchMeal}
FROM: dict[KitchenAct, tuple[MealState, ...]] = {
    "cook": ("placed", "locked"),
    "dispatch": ("placed", "locked", "cooking"),
}
"""States from which a tray is moved; one that is further stays where it is."""


def move_all(core: Core, ward: str, slot: Slot, act: KitchenAct, actor: Actor) -> int:
    """Move every tray of a ward's meal that is not so far yet, in one transaction; how many were moved."""
    moved = 0
    with core.transaction() as batch:
        for tray in production(batch.conn, ward, slot).trays:
            if tray.meal.state in FROM[act]:
                command = core.command(
                    f"meal.{act}",
                    _BODIES[act](meal=tray.meal.id),
                    ward=ward,
                    actor=actor,
                    encounter=tray.meal.encounter,
                    bed=tray.meal.bed,
                )
                core.apply(batch, command)
                moved += 1
    return moved
