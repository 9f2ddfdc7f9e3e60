"""An allergy as the record has it, in the groups that food labels have."""

from __future__ import annotations

from collections.abc import Mapping

from wardlink.clinical.drugs import is_allergy_to, sample_drugs
from wardlink.clinical.tables import load
from wardlink.i18n import gettext


def allergen_text(code: str) -> str:
    """What an allergen is called; a code that is not in the table stands for itself."""
    row = load("meals")["allergens"].get(code)
    if row is None:
        return code
    label: str = row["label"]
    return gettext(label)


def allergens_written(text: str) -> tuple[str, ...] | None:
    """The allergens that an allergy in the record names; empty if it is to no food, None if that cannot be told.

    What cannot be told a nurse must say: nothing is guessed from it.
    """
    said = text.strip().casefold()
    rows: Mapping[str, Mapping[str, list[str]]] = load("meals")["allergens"]
    found = tuple(code for code, row in rows.items() if any(word.casefold() in said for word in row["words"]))
    if found or not said:
        return found
    if any(word.casefold() in said for word in load("meals")["not_food"]["words"]):
        return ()
    return () if any(is_allergy_to(text, drug) for drug in sample_drugs().values()) else None
