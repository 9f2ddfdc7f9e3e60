"""What a patient may ask for, by category, and how often: one table for bed, cart, server and dashboard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Literal, get_args

from wardlink.clinical.tables import load
from wardlink.i18n import N_, gettext

Category = Literal["care", "cleaning", "repair", "shopping", "interpreter", "query"]
"""`query`: a question about a line of the bill."""

CATEGORIES: tuple[Category, ...] = get_args(Category)

LABELS: dict[Category, str] = {
    "care": N_("Care worker"),
    "cleaning": N_("Cleaning"),
    "repair": N_("Repair"),
    "shopping": N_("Shopping"),
    "interpreter": N_("Interpreter"),
    "query": N_("Question about the bill"),
}

LIST = "list"
"""The code of every shopping list: a stay has one that is open."""

OF_PLACE: frozenset[Category] = frozenset({"cleaning", "repair"})
"""What belongs to the bed and not to who lies in it: it does not go with a patient who is moved."""

OUTLIVES: frozenset[Category] = frozenset({"repair"})
"""A fault stays when the patient leaves: the next one would have it."""


@dataclass(frozen=True)
class Offer:
    """One thing that can be asked for. `hours`: for how long a care worker comes."""

    category: Category
    code: str
    label: str
    urgent: bool = False
    hours: int | None = None

    def text(self) -> str:
        """What it is, in the language of this context."""
        return gettext(self.label)


@cache
def offers(category: Category) -> Mapping[str, Offer]:
    """What is offered of a category by its code, in the order of the table; empty for lists and queries."""
    rows = load("requests")["offers"].get(category, {})
    return {
        code: Offer(category, code, row["label"], row.get("urgent", False), row.get("hours"))
        for code, row in rows.items()
    }


def category_text(category: Category) -> str:
    """A category in words."""
    return gettext(LABELS[category])


def offer_text(category: Category, code: str) -> str:
    """What is asked for; a code that is in no table stands for itself."""
    found = offers(category).get(code)
    return found.text() if found is not None else code


def is_urgent(category: Category, code: str) -> bool:
    """Whether it endangers the patient: a call cord that does not work."""
    found = offers(category).get(code)
    return found is not None and found.urgent


def most_open() -> int:
    """So many requests of one stay may be open at a time."""
    return int(load("requests")["limits"]["open"]["most"])


def most_a_day() -> int:
    """So many requests may be made of one stay within 24 hours."""
    return int(load("requests")["limits"]["day"]["most"])


def start_within() -> timedelta:
    """So far ahead a care worker can be asked for."""
    return timedelta(hours=load("requests")["limits"]["start"]["ahead_h"])
