"""When a result may be shown to its patient. Pure; the server asks here before anything leaves for a bed.

Source: ward domain sheet 10.7; the tables `result_release` and `critical_values` say where their rows come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Literal, Protocol

from wardlink.clinical.names import age_years
from wardlink.clinical.tables import load
from wardlink.clock import ward_date
from wardlink.i18n import gettext

Status = Literal["registered", "preliminary", "final", "corrected", "cancelled"]
"""FHIR R4 DiagnosticReport.status, as far as a ward meets it."""

Category = Literal["LAB", "SP", "CP", "GE", "RAD", "CT", "NMR", "RUS", "PHY"]
"""HL7 table 0074: laboratory, surgical pathology, cytopathology, genetics, X-ray, CT, magnetic resonance, ultrasound,
and a physician's own report, a questionnaire's among them."""

Flag = Literal["N", "L", "H", "LL", "HH", "A", "AA", "POS", "NEG", "IND"]
"""HL7 v3 ObservationInterpretation."""

Why = Literal["not-final", "minor", "kept-back", "unacknowledged", "critical", "talk", "delay"]
"""Why a result is not shown yet."""

CHANGES: Mapping[Status | None, frozenset[Status]] = {
    None: frozenset({"registered", "preliminary", "final", "corrected", "cancelled"}),
    "registered": frozenset({"registered", "preliminary", "final", "corrected", "cancelled"}),
    "preliminary": frozenset({"preliminary", "final", "corrected", "cancelled"}),
    "final": frozenset({"corrected", "cancelled"}),
    "corrected": frozenset({"corrected", "cancelled"}),
    "cancelled": frozenset(),
}
"""Which status a report may have after which, where its content has changed; None: nobody knows it yet."""

VERIFIED: frozenset[Status] = frozenset({"final", "corrected"})
"""A laboratory or a radiologist stands for it."""

_CRITICAL_FLAGS: frozenset[Flag] = frozenset({"LL", "HH", "AA"})


class Valued(Protocol):
    """One value of a report."""

    @property
    def code(self) -> str:
        """What was measured, by its LOINC code."""

    @property
    def value(self) -> Decimal | None:
        """How much, where it is a number."""

    @property
    def unit(self) -> str | None:
        """In what, by its UCUM code."""

    @property
    def flag(self) -> Flag | None:
        """What the laboratory says of it."""


@dataclass(frozen=True)
class Held:
    """One version of a report, as far as its release depends on it.

    `verified_at`: when somebody put their name to it. The last three: what clinicians have decided, and when.
    """

    status: Status
    category: Category
    codes: tuple[str, ...]
    critical: bool
    verified_at: datetime | None
    birth_on: date
    acknowledged_at: datetime | None = None
    released_at: datetime | None = None
    kept_back_at: datetime | None = None


def why_held(found: Held, now: datetime, delay: timedelta) -> tuple[Why, ...]:
    """Every reason for which this is not shown; empty: it may be.

    `delay`: how long an ordinary laboratory result waits after it was verified, for a doctor to be first.
    """
    why: list[Why] = []
    if found.status not in VERIFIED or found.verified_at is None or found.verified_at > now:
        why.append("not-final")
    if is_minor(found.birth_on, ward_date(now)):
        why.append("minor")
    if found.kept_back_at is not None:
        why.append("kept-back")
    if found.critical and found.acknowledged_at is None:
        why.append("unacknowledged")
    if found.released_at is None:
        if found.critical:
            why.append("critical")
        if needs_talk(found.category, found.codes):
            why.append("talk")
        if found.category == "LAB" and found.verified_at is not None and now < found.verified_at + delay:
            why.append("delay")
    return tuple(why)


def is_minor(birth_on: date, today: date) -> bool:
    """Whether results are for the guardian; a birth in the future is a mistake, and nobody is let in by one."""
    return birth_on > today or age_years(birth_on, today) < load("result_release")["guardian"]["minor"]["under_years"]


def needs_talk(category: Category, codes: Iterable[str]) -> bool:
    """Whether a doctor tells it first, whatever it says: a delay of the grave ones alone would tell as much."""
    return any(
        category in row.get("categories", ()) or not set(codes).isdisjoint(row.get("codes", ()))
        for row in load("result_release")["talk"].values()
    )


def is_critical(values: Iterable[Valued]) -> bool:
    """Whether any value cannot wait: by the laboratory's flag, by the hospital's list, or because nobody can tell.

    A value of a listed test in another unit than the list's counts as critical: it is not compared.
    """
    return any(_is_critical(value) for value in values)


def _is_critical(found: Valued) -> bool:
    if found.flag in _CRITICAL_FLAGS:
        return True
    row = limits().get(found.code)
    if row is None or found.value is None:
        return False
    if found.unit != row.unit:
        return True
    low, high = row.at_most, row.at_least
    return (low is not None and found.value <= low) or (high is not None and found.value >= high)


@dataclass(frozen=True)
class Limit:
    """The bounds of a test, both of them critical themselves. `unit`: UCUM."""

    unit: str
    at_most: Decimal | None
    at_least: Decimal | None


@cache
def limits() -> Mapping[str, Limit]:
    """The critical values by LOINC code."""
    return {code: _limit(row) for code, row in load("critical_values")["tests"].items()}


def why_text(why: Why) -> str:
    """A reason, as the doctor reads it who may release."""
    row = load("result_release")["reasons"][why]
    text: str = row["text"]
    return gettext(text)


def _limit(row: Mapping[str, Any]) -> Limit:
    low, high = row.get("at_most"), row.get("at_least")
    return Limit(
        unit=row["unit"],
        at_most=None if low is None else Decimal(str(low)),
        at_least=None if high is None else Decimal(str(high)),
    )
