"""Names of patients on screens that others can see, ages, and names that are easily confused."""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Mapping
from datetime import date
from functools import cache, lru_cache
from typing import TypeVar

from wardlink.clinical.tables import load

Key = TypeVar("Key", bound=Hashable)


def masked_name(name: str) -> str:
    """A name for a screen that others can see: 张伟 as 张*, 王小明 as 王*明, 欧阳娜娜 as 欧阳*娜, John Smith as J* S*.

    One star whatever its length hides. A single character, or nothing, becomes a star alone.

    Source: ward domain sheet 10.8, trust K/D.
    """
    words = _visible(name).split()
    if not any(_is_han(char) for word in words for char in word):
        return " ".join(f"{word[0]}*" for word in words if len(word) > 1 or len(words) > 1) or "*"
    plain = "".join(words)
    surname = plain[:2] if plain[:2] in _compound_surnames() and len(plain) > 2 else plain[:1]
    given = plain[len(surname) :]
    if not given:
        return "*"
    return f"{surname}*{given[-1]}" if len(given) > 1 else f"{surname}*"


def age_years(birth_on: date, on: date) -> int:
    """Completed years of life on the day `on`; somebody born on 29 February has it on 1 March.

    Raises:
        ValueError: `on` lies before the birth.
    """
    if on < birth_on:
        raise ValueError(f"{on} lies before the birth on {birth_on}")
    return on.year - birth_on.year - ((on.month, on.day) < (birth_on.month, birth_on.day))


def same_or_similar_names(names: Mapping[Key, str]) -> dict[Key, tuple[Key, ...]]:
    """Who could be taken for whom: each patient with a name-sake, and the others of that name.

    Similar means the same letters whatever their case, spacing and order, or a Chinese name of three or
    more characters that differs in one character of the given name. Names that merely sound alike are not
    found. Each key's others keep the order of `names`.

    Source: a rule of this product [D].
    """
    keyed = {key: _visible(name) for key, name in names.items()}
    alike = {key: tuple(other for other in keyed if other != key and _alike(keyed[key], keyed[other])) for key in keyed}
    return {key: others for key, others in alike.items() if others}


@cache
def _compound_surnames() -> frozenset[str]:
    return frozenset(load("compound_surnames")["chinese"]["surnames"])


# A ward's names are compared with each other again and again, and hardly ever change.
@lru_cache(maxsize=10_000)
def _alike(one: str, other: str) -> bool:
    a, b = ("".join(name.casefold().split()) for name in (one, other))
    if not a or not b:
        return False
    if any(_is_han(char) for char in a):
        differing = [i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y]
        one_given = len(a) == len(b) >= 3 and len(differing) == 1 and differing[0] > 0
        return one_given or sorted(a) == sorted(b)
    return sorted(one.casefold().split()) == sorted(other.casefold().split())


def _visible(name: str) -> str:
    # Zero-width and control characters would let a name slip past its mask, or hide who is meant.
    composed = unicodedata.normalize("NFKC", name)
    return "".join(c for c in composed if unicodedata.category(c) not in ("Cf", "Cc", "Mn") or c.isspace())


def _is_han(char: str) -> bool:
    return unicodedata.name(char, "").startswith(("CJK UNIFIED IDEOGRAPH", "CJK COMPATIBILITY IDEOGRAPH"))
