"""What is known of a patient, as far as meals are concerned."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from wardlink.clinical.meals.times import Slot
from wardlink.clinical.tables import load

FastingWhy = Literal["order", "operation", "test"]


@dataclass(frozen=True)
class Fasting:
    """Nothing may be eaten from `start_at` on and before `end_at`; None: since ever, or until further order.

    `drinks`: nothing may be drunk either.
    """

    start_at: datetime | None = None
    end_at: datetime | None = None
    why: FastingWhy = "order"
    drinks: bool = False

    def holds(self, now: datetime) -> bool:
        """Whether it holds at this moment."""
        begun = self.start_at is None or self.start_at <= now
        return begun and (self.end_at is None or now < self.end_at)

    def meets(self, slot: Slot) -> bool:
        """Whether it holds at some moment while the meal is served."""
        begun = self.start_at is None or self.start_at < slot.until_at
        return begun and (self.end_at is None or self.end_at > slot.served_at)


@dataclass(frozen=True)
class Eater:
    """A patient at a table.

    `diets`: those that hold; `unknown_diets`: ordered in words that are in no table. `allergens` and `unmapped`: of
    the record's allergies. `iddsi` and `drink`: prescribed levels for food and drink. `food_drugs`: which of the
    table's drugs somebody takes. `leaves_at`: not here any more from then on. `young`, `confused`, `distressed`: orders
    with somebody. `arrears`: a regular meal is refused by the hospital's policy.
    """

    diets: tuple[str, ...] = ()
    unknown_diets: tuple[str, ...] = ()
    allergens: tuple[str, ...] = ()
    unmapped: tuple[str, ...] = ()
    iddsi: int | None = None
    drink: int | None = None
    fasting: tuple[Fasting, ...] = ()
    food_drugs: tuple[str, ...] = ()
    avoids: tuple[str, ...] = ()
    leaves_at: datetime | None = None
    isolated: bool = False
    young: bool = False
    confused: bool = False
    distressed: bool = False
    low_glucose_at: datetime | None = None
    arrears: bool = False


class Taken(Protocol):
    """A drug as an order has it."""

    @property
    def ingredient(self) -> str:
        """What is in it."""

    @property
    def classes(self) -> Collection[str]:
        """The classes it belongs to."""


def food_drugs_of(drugs: Collection[Taken]) -> tuple[str, ...]:
    """Which rows of the table of drugs and food these drugs meet."""
    return tuple(
        name
        for name, row in load("meals")["food_drug"].items()
        if any(drug.ingredient in row["ingredients"] or set(drug.classes) & set(row["classes"]) for drug in drugs)
    )


def says(words: str, text: str | None) -> bool:
    """Whether an order's text holds one of the words of this part of the table: `fasting`, `leaving`."""
    part, _, name = words.partition(".")
    said = (text or "").casefold()
    return any(word in said for word in load("meals")[part][name or "words"])
