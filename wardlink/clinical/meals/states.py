"""How far a meal has come. Source: ward domain sheet 6.3."""

from __future__ import annotations

from typing import Literal

from wardlink.i18n import N_, gettext

MealState = Literal["placed", "locked", "cooking", "dispatched", "delivered", "closed", "cancelled", "returned"]
MealAct = Literal["lock", "cook", "dispatch", "deliver", "close", "cancel", "return", "undo"]

MOVES: dict[tuple[MealState, MealAct], MealState] = {
    ("placed", "lock"): "locked",
    ("placed", "cook"): "cooking",
    ("locked", "cook"): "cooking",
    # The kitchen says so late, or not at all: a tray at the bed has come whatever was told before.
    ("placed", "dispatch"): "dispatched",
    ("locked", "dispatch"): "dispatched",
    ("cooking", "dispatch"): "dispatched",
    ("placed", "deliver"): "delivered",
    ("locked", "deliver"): "delivered",
    ("cooking", "deliver"): "delivered",
    ("dispatched", "deliver"): "delivered",
    ("delivered", "close"): "closed",
    ("placed", "cancel"): "cancelled",
    ("locked", "cancel"): "cancelled",
    ("cooking", "cancel"): "cancelled",
    ("dispatched", "cancel"): "cancelled",
    # Nobody there, or not wanted: the tray goes back.
    ("locked", "return"): "returned",
    ("cooking", "return"): "returned",
    ("dispatched", "return"): "returned",
    ("delivered", "return"): "returned",
    # It must not come and has come all the same, or had left the kitchen already: the tray is back, the meal stays what
    # it is, and so does who pays for it.
    ("cancelled", "return"): "cancelled",
    # The tray was scanned at this bed by mistake.
    ("delivered", "undo"): "dispatched",
    ("closed", "undo"): "dispatched",
    # It did not go back.
    ("returned", "undo"): "dispatched",
}

OPEN: frozenset[MealState] = frozenset({"placed", "locked", "cooking", "dispatched", "delivered"})
"""Somebody still has to do something."""

EATEN: frozenset[MealState] = frozenset({"delivered", "closed"})
"""At the bed."""

STANDS: frozenset[MealState] = OPEN | {"closed"}
"""It takes the place of the meal: a second main is one too many."""

CHANGEABLE: frozenset[MealState] = frozenset({"placed"})
"""The patient may still change or cancel it."""

STATES: dict[MealState, str] = {
    "placed": N_("ordered"),
    "locked": N_("accepted by the kitchen"),
    "cooking": N_("being cooked"),
    "dispatched": N_("on its way"),
    "delivered": N_("at your bed"),
    "closed": N_("eaten, intake noted"),
    "cancelled": N_("cancelled"),
    "returned": N_("not served"),
}
"""In words."""


def after(state: MealState, act: MealAct) -> MealState | None:
    """The state after an act; None where it is no move."""
    return MOVES.get((state, act))


def state_text(state: MealState) -> str:
    """A state in words, in the language of this context."""
    return gettext(STATES[state])
