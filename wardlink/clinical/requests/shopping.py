"""Everyday articles that are bought for a patient; what is eaten or drunk follows the rules of the meals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from wardlink.clinical.meals.dishes import Dish, Nutrition
from wardlink.clinical.meals.eater import Eater
from wardlink.clinical.meals.findings import Finding
from wardlink.clinical.meals.rules import of_dish, of_orders
from wardlink.clinical.tables import load
from wardlink.i18n import gettext


@dataclass(frozen=True)
class Article:
    """One article. `most`: of it on one list. `food`: how the diet rules see it; None for what is not eaten."""

    code: str
    label: str
    most: int
    food: Dish | None = None

    def text(self) -> str:
        """What it is, in the language of this context."""
        return gettext(self.label)


@cache
def articles() -> Mapping[str, Article]:
    """The articles by their code, in the order of the table."""
    return {
        code: Article(code, row["label"], row["most"], _food(code, row) if "diets" in row else None)
        for code, row in load("requests")["articles"].items()
    }


def article_text(code: str) -> str:
    """What an article is called; a code that is in no table stands for itself."""
    return articles()[code].text() if code in articles() else code


def findings_of(article: Article, eater: Eater | None, now: datetime) -> list[Finding]:
    """What the rules of the meals say about this article for this patient now; nothing of what is not eaten.

    `eater` is None where nobody has told how the patient eats: then nothing to eat can be bought.
    """
    if article.food is None:
        return []
    known = eater or Eater()
    found = [*of_orders(known), *of_dish(known, article.food)]
    is_drink = article.food.iddsi is None
    for fasting in known.fasting:
        if fasting.holds(now) and (fasting.drinks or not is_drink):
            found.append(Finding("M02", "block", article.code, fasting.why))
            break
    return found


def _food(code: str, row: Mapping[str, Any]) -> Dish:
    return Dish(
        code=code,
        zh="",
        en="",
        kind="extra",
        meals=(),
        diets=tuple(row["diets"]),
        nutrition=Nutrition(),
        prices=(),
        allergens=tuple(row["allergens"]),
        contains=tuple(row["contains"]),
        iddsi=row.get("iddsi"),
        drink=row.get("drink"),
    )
