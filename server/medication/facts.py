"""What one dose adds to the sums of medication safety. Pure; `sums` keeps the totals.

A dose belongs to the day and the hour at which it was due; one that is given when needed, to those of its first entry.
It belongs to the ward and the bed in which its patient lay when it was entered last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias, get_args

import orjson

from server.kpis.days import number_of
from wardlink.clinical.medication_safety import OF_GIVINGS
from wardlink.clock import ward_time
from wardlink.messages.doses import DoseEvent, DoseView
from wardlink.record.doses import DOSE

Line = Literal["hour", "bed", "drug", "person", "reason"]

TERMS = (*OF_GIVINGS, "missed", "not_given", "times")
"""Every term that is summed; what waits depends on the clock and is not."""

What: TypeAlias = Literal["override", "early", "late", "held", "refused", "missed"]
WHATS: tuple[What, ...] = get_args(What)

_ACT_OF_STATE: Mapping[str, tuple[What, str]] = {
    "held": ("held", "hold"),
    "refused": ("refused", "refuse"),
    "missed": ("missed", "miss"),
}
_OF_PATIENT = frozenset({"wristband", "presence"})
_OF_DRUG = frozenset({"bag", "drug"})
_TWO_PEOPLE = ("A", "B")

Cell: TypeAlias = tuple[Line, str, int, str]
"""Kind of line, ward, day, and which one of its kind."""

Added: TypeAlias = Mapping[tuple[Cell, str], int]
"""By cell and term."""


@dataclass(frozen=True)
class Placed:
    """A dose, and where its record stands."""

    ward: str
    bed: str | None
    dose: DoseView


def of_dose(placed: Placed) -> Added:
    """Everything that a dose adds; nothing while it is planned or after it was taken back."""
    dose, found = placed.dose, Counter[tuple[Cell, str]]()
    for number, giving in enumerate(dose.givings()):
        terms = _of_giving(dose, giving, is_first=number == 0)
        for cell in (*cells_of(placed), _cell(placed, "person", str(giving.by))):
            found.update({(cell, term): 1 for term in terms})
        found.update((_cell(placed, "reason", reason_key(*why)), "times") for why in _whys(giving, terms))
    if dose.due_at is not None and dose.state in _ACT_OF_STATE:
        what, act = _ACT_OF_STATE[dose.state]
        term = "missed" if what == "missed" else "not_given"
        found.update((cell, term) for cell in cells_of(placed))
        said = [event.reason for event in dose.events if event.act == act and event.struck_at is None]
        if said:
            found[_cell(placed, "reason", reason_key(what, None, said[-1])), "times"] += 1
    return found


def cells_of(placed: Placed) -> list[Cell]:
    """The lines of places and drugs to which a dose belongs; a drug that stands twice in one bag is given once."""
    drugs = dict.fromkeys(item.drug for item in placed.dose.items)
    return [
        _cell(placed, "hour", f"{ward_time(DOSE.at(placed.dose)).hour:02d}"),
        _cell(placed, "bed", placed.bed or ""),
        *(_cell(placed, "drug", drug) for drug in drugs),
    ]


def names_of(dose: DoseView) -> dict[str, tuple[str, str]]:
    """The Chinese and the English name of each drug by its code."""
    return {item.drug: (item.name_zh, item.name_en) for item in dose.items}


def is_waiting(dose: DoseView, now: datetime) -> bool:
    """Whether it should have been given; its order may be on hold."""
    return dose.state == "planned" and dose.due_at is not None and dose.closes_at is not None and dose.closes_at < now


def reason_key(what: What, check: str | None, reason: str | None) -> str:
    """A reason as the key of a line."""
    return orjson.dumps([what, check, reason]).decode()


def reason_of(key: str) -> tuple[What, str | None, str | None]:
    """The reason of a key."""
    what, check, reason = orjson.loads(key)
    return what, check, reason


def _of_giving(dose: DoseView, giving: DoseEvent, *, is_first: bool) -> set[str]:
    """The terms to which a giving adds one."""
    passed = {over.check for over in giving.overrides}
    read = {scan.what for scan in giving.scans}
    patient = bool(read & _OF_PATIENT) and "patient-unscanned" not in passed
    drug = bool(read & _OF_DRUG) and "drug-unscanned" not in passed
    high = any(item.high_alert in _TWO_PEOPLE for item in dose.items)
    window = (dose.opens_at, dose.closes_at) if is_first else (None, None)
    opens, closes = window
    timed = opens is not None and closes is not None
    early, late = opens is not None and timed and giving.at < opens, closes is not None and timed and giving.at > closes
    flags = {
        "given": True,
        "patient_read": patient,
        "drug_read": drug,
        "both_read": patient and drug,
        "overridden": bool(passed),
        "unexplained": not (patient and drug) and not passed,
        "high_alert": high,
        "witnessed": high and giving.witness not in (None, giving.by.id),
        "timed": timed,
        "early": early,
        "late": late,
        "wrong_time": early or late,
        "in_time": timed and not early and not late,
    }
    return {name for name, flag in flags.items() if flag}


def _whys(giving: DoseEvent, terms: set[str]) -> Iterator[tuple[What, str | None, str | None]]:
    for over in giving.overrides:
        yield "override", over.check, over.reason
    if "early" in terms:
        yield "early", None, giving.reason
    elif "late" in terms:
        yield "late", None, giving.reason


def _cell(placed: Placed, line: Line, key: str) -> Cell:
    return line, placed.ward, number_of(ward_time(DOSE.at(placed.dose)).date()), key
