"""A dish: what it is made for, what is in it, and what it costs. Values of a portion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from wardlink.clinical.meals.times import Meal
from wardlink.i18n import language

DishKind = Literal["main", "extra", "part"]
"""One of the mains a meal; extras beside it; parts of which a liquid meal is made."""

Purine = Literal["low", "middle", "high"]


@dataclass(frozen=True)
class Nutrition:
    """What is eaten: energy in kcal, and grams; sodium in mg; potassium in mg, None where nobody has said."""

    kcal: float = 0
    protein_g: float = 0
    fat_g: float = 0
    carb_g: float = 0
    na_mg: float = 0
    k_mg: float | None = None

    def __add__(self, other: Nutrition) -> Nutrition:
        return Nutrition(
            self.kcal + other.kcal,
            self.protein_g + other.protein_g,
            self.fat_g + other.fat_g,
            self.carb_g + other.carb_g,
            self.na_mg + other.na_mg,
            None if self.k_mg is None or other.k_mg is None else self.k_mg + other.k_mg,
        )

    def share(self, part: float) -> Nutrition:
        """This part of it, to a tenth."""

        def of(value: float) -> float:
            return round(value * part, 1)

        k_mg = None if self.k_mg is None else of(self.k_mg)
        return Nutrition(of(self.kcal), of(self.protein_g), of(self.fat_g), of(self.carb_g), of(self.na_mg), k_mg)


EMPTY = Nutrition(k_mg=0)
"""What nothing holds: where sums begin."""


@dataclass(frozen=True)
class DishPrice:
    """What a portion costs from a day on, in fen."""

    from_on: date
    fen: int


@dataclass(frozen=True)
class Dish:
    """One dish. `iddsi`: how firm its food is; `drink`: how thick its drink is; None where it has none.

    `traces`: allergens that may have got in although they do not belong there.
    """

    code: str
    zh: str
    en: str
    kind: DishKind
    meals: tuple[Meal, ...]
    diets: tuple[str, ...]
    nutrition: Nutrition
    prices: tuple[DishPrice, ...]
    allergens: tuple[str, ...] = ()
    traces: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    iddsi: int | None = None
    drink: int | None = None
    purine: Purine = "low"

    def name(self) -> str:
        """What it is called in the language of this context."""
        return self.zh if language() == "zh_CN" else self.en

    def fen_on(self, day: date) -> int | None:
        """What it costs on this day; None before its first price."""
        found = [price.fen for price in self.prices if price.from_on <= day]
        return found[-1] if found else None


def total(dishes: Iterable[Dish]) -> Nutrition:
    """What these dishes hold together."""
    return sum((dish.nutrition for dish in dishes), EMPTY)
