"""What one may like to eat in a solar term, and for whom it is not: never against an ordered diet or an allergy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from wardlink.clinical.tables import load
from wardlink.i18n import gettext

WITHOUT_FOOD = frozenset({"nil-by-mouth", "tube", "liquid"})
WITHOUT_CHEWING = frozenset({"semi-liquid", "soft"})

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
    """The idea of one term. `condition`: who should not, of whom no record here tells."""

    idea: str
    condition: str | None
    is_soft: bool
    unfit_diets: frozenset[str]
    allergens: tuple[str, ...]

    def idea_text(self) -> str:
        """What to eat."""
        return gettext(self.idea)

    def condition_text(self) -> str | None:
        """Who should not."""
        return None if self.condition is None else gettext(self.condition)

    def fits_diet(self, diet: str) -> bool:
        """Whether an ordered diet (its code in a stay) allows it."""
        chewed = diet in WITHOUT_CHEWING and not self.is_soft
        return not (diet in WITHOUT_FOOD or diet in self.unfit_diets or chewed)

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
        )
        for row in load("wellness_terms")["terms"]
    )
