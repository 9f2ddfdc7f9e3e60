"""What one may like to eat in a solar term, and for whom it is not: never against an ordered diet or an allergy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Literal

from wardlink.clinical.meals.eater import Eater
from wardlink.clinical.tables import load
from wardlink.i18n import gettext

Against = Literal["fasting", "unknown", "diet", "texture", "allergy", "drug"]
"""What of the record speaks against eating it."""

WITHOUT_CHEWING = frozenset({"semi-liquid", "soft"})
_STRICTER = {"low-sodium": "low-salt", "no-salt": "low-salt"}
_JUDGED = frozenset({"regular", "high-protein", "diabetic", "low-salt", "low-fat", "low-protein", "low-purine"})
"""Diets of which the table says what does not go with them; with any other, a test's say, nothing is offered."""

_WHOLE, _SOFT = 7, 5
"""Prescribed levels of food (IDDSI) from which on anything, and what needs no chewing, may be eaten."""

ALLERGEN_WORDS = {
    "gluten": ("麸质", "小麦", "面", "gluten", "wheat"),
    "egg": ("蛋", "egg"),
    "fish": ("鱼", "fish"),
    "soy": ("豆", "soy"),
    "nuts": ("坚果", "nut"),
    "sesame": ("芝麻", "sesame"),
}
"""By which words of an allergy, as it is written in the record, a food is known to be meant."""


@dataclass(frozen=True)
class SeasonFood:
    """The idea of one term. `condition`: who should not, of whom no record here tells. `unfit_drugs`: rows of the table
    of drugs and food whose takers should not.
    """

    idea: str
    condition: str | None
    is_soft: bool
    unfit_diets: frozenset[str]
    allergens: tuple[str, ...]
    unfit_drugs: frozenset[str] = frozenset()

    def idea_text(self) -> str:
        """What to eat."""
        return gettext(self.idea)

    def condition_text(self) -> str | None:
        """Who should not."""
        return None if self.condition is None else gettext(self.condition)

    def against(self, eater: Eater, allergies: Sequence[str], now: datetime) -> tuple[Against, str] | None:
        """What speaks against it for this patient now, with the diet or the words it is about; None if nothing does."""
        if any(fasting.holds(now) for fasting in eater.fasting):
            return "fasting", ""
        if eater.unknown_diets or not eater.diets:
            return "unknown", " ".join(eater.unknown_diets)
        unfit = next((diet for diet in eater.diets if not self.fits_diet(diet)), None)
        if unfit is not None:
            return "diet", unfit
        least = _SOFT if self.is_soft else _WHOLE
        if (eater.iddsi is not None and eater.iddsi < least) or eater.drink not in (None, 0):
            return "texture", ""
        if eater.unmapped or set(eater.allergens) & set(self.allergens) or not self.fits_allergies(allergies):
            return "allergy", ""
        return ("drug", "") if set(eater.food_drugs) & self.unfit_drugs else None

    def fits_diet(self, diet: str) -> bool:
        """Whether an ordered diet allows it, by its code."""
        if diet in WITHOUT_CHEWING:
            return self.is_soft
        judged = _STRICTER.get(diet, diet)
        return judged in _JUDGED and not {diet, judged} & self.unfit_diets

    def fits_allergies(self, allergies: Sequence[str]) -> bool:
        """Whether no allergy of the record names something that is in it."""
        written = " ".join(allergies).lower()
        return not any(word in written for allergen in self.allergens for word in ALLERGEN_WORDS[allergen])


@cache
def season_foods() -> tuple[SeasonFood, ...]:
    """The ideas in the almanac's order, which begins with the winter solstice."""
    return tuple(
        SeasonFood(
            idea=row["text"],
            condition=row.get("mark"),
            is_soft=row["is_soft"],
            unfit_diets=frozenset(row["unfit_diets"]),
            allergens=tuple(row["allergens"]),
            unfit_drugs=frozenset(row.get("unfit_drugs", ())),
        )
        for row in load("wellness_terms")["terms"]
    )
