"""A scanner that types: told from a person by its speed, and understood by what it has read. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardlink.messages.encounters import EncounterView

BURST_S = 0.035
"""Scanners leave 1 to 20 ms between two characters; people and their rolling fingers rarely under 40."""

LEAST_LENGTH = 4
_BADGE = re.compile(r"[A-Z]{1,2}[0-9]{3,8}")
_ADMISSION = re.compile(r"[0-9A-Za-z-]{4,20}")


class Burst:
    """Characters that follow each other faster than a person types. Time is an argument, in monotonic seconds."""

    def __init__(self) -> None:
        self._text = ""
        self._last_s = float("-inf")

    @property
    def text(self) -> str:
        """What has come so far; one character may still be a person's."""
        return self._text

    def feed(self, character: str, at_s: float) -> bool:
        """Take one character; whether it goes on a burst (False: it begins a new one)."""
        goes_on = bool(self._text) and at_s - self._last_s <= BURST_S
        self._text = self._text + character if goes_on else character
        self._last_s = at_s
        return goes_on

    def end(self, at_s: float) -> str | None:
        """Enter was pressed: the scan, if there was one."""
        text, fast = self._text, at_s - self._last_s <= BURST_S
        self._text = ""
        return text if fast and len(text) >= LEAST_LENGTH else None

    def drop(self) -> str:
        """Give up: what was held back was typed by a person."""
        text, self._text = self._text, ""
        return text


class Scanned(Enum):
    """What a scan can be."""

    BADGE = "badge"
    PATIENT = "patient"
    ELSEWHERE = "elsewhere"  # looks like an admission number, but nobody of that number lies in this ward
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Scan:
    """What was read, and what it is."""

    text: str
    what: Scanned
    encounter: str | None = None


def understand(text: str, stays: Iterable[EncounterView]) -> Scan:
    """Tell what was scanned. A wristband carries the admission number; it wins over everything else."""
    code = text.strip()
    for stay in stays:
        if stay.admission_no.casefold() == code.casefold():
            return Scan(code, Scanned.PATIENT, stay.id)
    if _BADGE.fullmatch(code.upper()):
        return Scan(code.upper(), Scanned.BADGE)
    return Scan(code, Scanned.ELSEWHERE if _ADMISSION.fullmatch(code) else Scanned.UNKNOWN)
