"""The KPIs of a ward: their formulas as data, and what comes of counted terms.

The server counts the terms for each ward and day; months and several wards are sums of terms, never means of quotients.
Source: ward domain sheet 11.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from wardlink.clinical.tables import load
from wardlink.i18n import gettext

COUNTED = (
    "occupied_days",
    "open_days",
    "discharges",
    "discharged_days",
    "calls",
    "calls_in_time",
    "complaints",
    "complaints_in_time",
    "doses",
    "doses_in_time",
    "charged_fen",
    "drugs_fen",
    "patients",
    "falls",
    "falls_harmed",
    "new_injuries",
    "medication_errors",
    "near_misses",
    "slipped_urinary",
    "days_urinary",
    "slipped_central",
    "days_central",
    "slipped_airway",
    "days_airway",
    "slipped_gastric",
    "days_gastric",
    "slipped_drain",
    "days_drain",
    "days_ventilator",
    "cauti",
    "clabsi",
    "vap",
    "nurse_minutes",
    "rostered_days",
)
"""The terms that are counted; `free_days`, `open_beds`, `nurse_hours` and amounts in yuan follow from them."""

Counts = Mapping[str, int]
"""Terms by their name; one that is not there was counted as nought."""


@dataclass(frozen=True)
class Kpi:
    """One KPI. `missing`: why it cannot be computed; then the terms are empty.

    `reported`: its events count only where somebody reports them, so that nought says less than it seems to.
    """

    code: str
    label: str
    text: str
    numerator: str = ""
    denominator: str = ""
    counted: str = ""
    above: str = ""
    below: str = ""
    times: int = 1
    unit: str = ""
    missing: str = ""
    reported: bool = False
    source: str = ""
    trust: str = ""

    def label_text(self) -> str:
        """Its name."""
        return gettext(self.label)

    def formula_text(self) -> str:
        """Its formula in words."""
        return gettext(self.text)

    def numerator_text(self) -> str:
        """What stands above the line."""
        return gettext(self.numerator)

    def denominator_text(self) -> str:
        """What stands below the line."""
        return gettext(self.denominator)

    def counted_text(self) -> str:
        """What is counted and what is not."""
        return gettext(self.counted)

    def missing_text(self) -> str:
        """Why it is not measured here."""
        return gettext(self.missing)


@dataclass(frozen=True)
class Measured:
    """A KPI over some wards and days. `value` is None where there is nothing to divide by."""

    numerator: Fraction
    denominator: Fraction
    value: Fraction | None


@cache
def kpis() -> Mapping[str, Kpi]:
    """Every KPI by its code, those that can be computed first."""
    return figures_of("kpis", "kpis")


def figures_of(table: str, part: str) -> Mapping[str, Kpi]:
    """The figures of a part of a table of data, in its order."""
    rows = load(table)[part].items()
    return {code: Kpi(code, **{key: value for key, value in row.items() if key != "as_of"}) for code, row in rows}


def measured(kpi: Kpi, counts: Counts, days: int) -> Measured:
    """The KPI of terms that were summed over so many days, and over any number of wards.

    Raises:
        ValueError: the KPI cannot be computed, or there is no day.
    """
    if kpi.missing or days < 1:
        raise ValueError(kpi.code)
    above, below = _term(kpi.above, counts, days), _term(kpi.below, counts, days)
    return Measured(above, below, kpi.times * above / below if below else None)


def _term(name: str, counts: Counts, days: int) -> Fraction:
    if name == "free_days":
        return Fraction(counts.get("open_days", 0) - counts.get("occupied_days", 0))
    if name.endswith("_yuan"):
        return Fraction(counts.get(name.removesuffix("yuan") + "fen", 0), 100)
    if name == "nurse_hours":
        return Fraction(counts.get("nurse_minutes", 0), 60)
    if name == "open_beds":
        return Fraction(counts.get("open_days", 0), days)
    return Fraction(counts.get(name, 0))
