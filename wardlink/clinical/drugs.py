"""What is known of a drug: the dictionary that orders, labels and checks at the bed refer to.

The one that ships is sample data; a hospital brings its own. An order carries the facts of its drugs with it, so that
a cart needs no dictionary and an order keeps what was known when it was written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, Protocol

from wardlink.clinical.tables import load

HighAlert = Literal["A", "B", "C"]


@dataclass(frozen=True)
class Drug:
    """One drug in one strength. `gtins` are the numbers on its packs, 14 digits."""

    code: str
    name_zh: str
    name_en: str
    ingredient: str
    classes: frozenset[str]
    form: str
    strength: str
    routes: tuple[str, ...]
    high_alert: HighAlert | None
    skin_test: bool
    analgesic: bool
    gtins: tuple[str, ...]


_CLASS_WORDS = {
    "penicillin": "青霉素",
    "cephalosporin": "头孢",
    "beta-lactam": "β-内酰胺",
    "nsaid": "非甾体抗炎药",
    "opioid": "阿片",
    "insulin": "胰岛素",
}
"""What Chinese records call a class of drugs to which somebody is allergic."""


class Named(Protocol):
    """A drug as far as an allergy can be to it: of the dictionary, or as an order has it."""

    @property
    def name_zh(self) -> str:
        """Its Chinese name."""

    @property
    def name_en(self) -> str:
        """Its English name."""

    @property
    def ingredient(self) -> str:
        """What is in it."""

    @property
    def classes(self) -> Collection[str]:
        """The classes it belongs to."""


def class_word(name: str) -> str | None:
    """What Chinese records call a class of drugs; None where nothing is agreed."""
    return _CLASS_WORDS.get(name)


def is_allergy_to(allergy: str, drug: Named) -> bool:
    """Whether an allergy, as the record has it, is to this drug: its name, its ingredient or a class of it.

    Records are free text: one word inside the other is enough, since a needless question costs less than a reaction.
    """
    said = allergy.strip().casefold()
    names = {drug.name_zh, drug.name_en, drug.ingredient, *drug.classes}
    names |= {_CLASS_WORDS[name] for name in drug.classes if name in _CLASS_WORDS}
    return bool(said) and any(name.casefold() in said or said in name.casefold() for name in names)


@cache
def sample_drugs() -> Mapping[str, Drug]:
    """The sample dictionary by the drugs' codes."""
    return {code: _drug(code, row) for code, row in load("sample_drugs")["drugs"].items()}


def _drug(code: str, row: Mapping[str, Any]) -> Drug:
    return Drug(
        code=code,
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        ingredient=row["ingredient"],
        classes=frozenset(row["classes"]),
        form=row["form"],
        strength=row["strength"],
        routes=tuple(row["routes"]),
        high_alert=row.get("high_alert"),
        skin_test=row.get("skin_test", False),
        analgesic=row.get("analgesic", False),
        gtins=tuple(row["gtins"]),
    )


def two_people(grades: Iterable[HighAlert | None]) -> bool:
    """Whether drugs of these grades are checked by two people before they are given (ward domain sheet 4.7)."""
    return any(grade in ("A", "B") for grade in grades)
