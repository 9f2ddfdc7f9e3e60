"""Diets: how they are written, what a dish must be made for, and what a day of them may hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from wardlink.clinical.meals.times import MEALS, Meal
from wardlink.clinical.tables import load
from wardlink.i18n import gettext

DietKind = Literal["consistency", "restriction", "test", "none"]
REGULAR = "regular"
NOTHING = "nil-by-mouth"
"""Nothing by mouth: not a diet but a time of fasting."""


@dataclass(frozen=True)
class Diet:
    """A diet that can be ordered. `words`: how orders write it, in small letters."""

    code: str
    label: str
    kind: DietKind
    words: tuple[str, ...]

    def text(self) -> str:
        """What it is called."""
        return gettext(self.label)


@dataclass(frozen=True)
class Limits:
    """What a day may hold at most; `carb_g`: what one meal must hold, from and to."""

    na_mg: float | None = None
    protein_g: float | None = None
    fat_g: float | None = None
    k_mg: float | None = None
    carb_g: Mapping[Meal, tuple[float, float]] | None = None


@cache
def diets() -> Mapping[str, Diet]:
    """The diets by their codes."""
    return {
        code: Diet(code, row["label"], row["kind"], tuple(word.casefold() for word in row["words"]))
        for code, row in load("meals")["diets"].items()
    }


def diet_text(code: str) -> str:
    """What a diet is called; a code that is not in the table stands for itself."""
    return diets()[code].text() if code in diets() else code


def advice_text(code: str) -> str | None:
    """What a diet means for who eats it; None for one of which the table says nothing."""
    row = load("diet_advice")["diets"].get(code, {})
    words: str | None = row.get("text")
    return None if words is None else gettext(words)


def diets_written(text: str) -> tuple[str, ...]:
    """The diets that an order or a record names; longer words are taken first, so that 半流质 is not 流质 as well."""
    if text in diets():
        return (text,)
    rest, found = text.casefold(), []
    words = sorted(((word, diet.code) for diet in diets().values() for word in diet.words), key=lambda w: -len(w[0]))
    for word, code in words:
        if word in rest:
            rest = rest.replace(word, " ")
            found.append(code)
    return tuple(code for code in diets() if code in found)


def made_for(wanted: Collection[str]) -> tuple[str, ...]:
    """What a dish must be made for: each restriction that holds, and how food must be unless that is regular.

    With neither it must be made for the regular diet.
    """
    needed = tuple(code for code in wanted if code != REGULAR and diets()[code].kind in ("consistency", "restriction"))
    return needed or (REGULAR,)


def test_diet(wanted: Collection[str]) -> str | None:
    """The test for which somebody eats now."""
    return next((code for code in wanted if diets()[code].kind == "test"), None)


def is_therapeutic(wanted: Collection[str]) -> bool:
    """Whether what somebody eats is part of their treatment."""
    return any(code != REGULAR for code in wanted)


@cache
def limits_of(diet: str) -> Limits:
    """What a day of this diet may hold."""
    row = load("meals")["limits"].get(diet, {})
    carb = {meal: tuple(row[f"carb_g_{meal}"]) for meal in MEALS if f"carb_g_{meal}" in row} or None
    return Limits(row.get("na_mg"), row.get("protein_g"), row.get("fat_g"), row.get("k_mg"), carb)


def day_limits(wanted: Sequence[str]) -> Mapping[str, float]:
    """The lowest limit of each nutrient over all diets that hold: `na_mg`, `protein_g`, `fat_g`, `k_mg`."""
    found: dict[str, float] = {}
    for code in wanted:
        for name in ("na_mg", "protein_g", "fat_g", "k_mg"):
            most = getattr(limits_of(code), name)
            if most is not None:
                found[name] = min(most, found.get(name, most))
    return found


def carb_range(wanted: Sequence[str], meal: Meal) -> tuple[float, float] | None:
    """How much carbohydrate a meal must hold, in grams; None where no diet says."""
    found = [limits.carb_g[meal] for code in wanted if (limits := limits_of(code)).carb_g and meal in limits.carb_g]
    return (max(least for least, _ in found), min(most for _, most in found)) if found else None
