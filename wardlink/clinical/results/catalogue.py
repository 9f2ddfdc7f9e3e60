"""What a test is, in plain words, and how the flag of a value is said. Names by LOINC code; nothing is interpreted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from wardlink.clinical.results.release import Category, Flag
from wardlink.clinical.tables import load
from wardlink.i18n import gettext


@dataclass(frozen=True)
class Explained:
    """A test or a group of tests: its name and one sentence on what it is."""

    label: str
    text: str

    def label_text(self) -> str:
        """Its name."""
        return gettext(self.label)

    def sentence(self) -> str:
        """What it is, without a diagnosis."""
        return gettext(self.text)


@dataclass(frozen=True)
class Said:
    """How a flag is shown: words and a sign that needs no colour."""

    label: str
    symbol: str

    def text(self) -> str:
        """The words."""
        return gettext(self.label)


@cache
def explained() -> Mapping[str, Explained]:
    """Tests and reports by their LOINC code."""
    return {code: Explained(row["label"], row["text"]) for code, row in load("lab_tests")["tests"].items()}


@cache
def flags() -> Mapping[Flag, Said]:
    """How each flag is shown."""
    return {flag: Said(row["label"], row["symbol"]) for flag, row in load("lab_tests")["flags"].items()}


def category_text(category: Category) -> str:
    """What kind of examination it is."""
    row = load("lab_tests")["categories"][category]
    label: str = row["label"]
    return gettext(label)


def flag_of(value: Decimal | None, low: Decimal | None, high: Decimal | None) -> Flag | None:
    """The flag of a number by the range beside it, for a laboratory that sends none; None where there is no range."""
    if value is None or (low is None and high is None):
        return None
    if low is not None and value < low:
        return "L"
    return "H" if high is not None and value > high else "N"
