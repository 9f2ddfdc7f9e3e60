"""What a drug is for, in words that a patient knows. The bed's screen asks here when a dose is given."""

from __future__ import annotations

from collections.abc import Collection

from wardlink.clinical.tables import load
from wardlink.i18n import gettext


def purpose_text(ingredient: str, classes: Collection[str]) -> str | None:
    """What it is for: by the ingredient, else by the first class that is known; None where neither is."""
    table = load("drug_purposes")
    found = table["ingredients"].get(ingredient) or next(
        (table["classes"][name] for name in classes if name in table["classes"]), None
    )
    if found is None:
        return None
    text: str = found["text"]
    return gettext(text)
