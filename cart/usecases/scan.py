"""A scanner that types: told from a person by its speed, and understood by what it has read. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from wardlink.codes.cards import ShownCard, read_card
from wardlink.codes.kinds import Badge, BagLabel, BedTag, Code, DeviceTag, DrugPack, Presence, TrayLabel, Wristband
from wardlink.codes.presence import is_present, presence_key
from wardlink.codes.reading import read_code
from wardlink.errors import CodeDamaged, CodeUnknown, InvalidInput
from wardlink.messages.doses import Scan as PatientScan

if TYPE_CHECKING:
    from datetime import date, datetime

    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.scans import ScanKind

BURST_S = 0.035
"""Scanners leave 1 to 20 ms between two characters; people and their rolling fingers rarely under 40."""

LEAST_LENGTH = 4
_BADGE = re.compile(r"[A-Z]{1,2}[0-9]{3,8}")
_ADMISSION = re.compile(r"[0-9A-Za-z-]{4,20}")


@dataclass(frozen=True)
class Scanner:
    """How this cart's scanner types. `gap_s`: most between two characters. `prefix`: what it puts before a code.

    `ends`: the keys, by Textual's names, that end a code.
    """

    gap_s: float = BURST_S
    prefix: str = ""
    ends: tuple[str, ...] = ("enter", "tab")


class Burst:
    """Characters that follow each other faster than a person types. Time is an argument, in monotonic seconds."""

    def __init__(self, scanner: Scanner | None = None) -> None:
        self.scanner = scanner or Scanner()
        self._text = ""
        self._last_s = float("-inf")

    @property
    def text(self) -> str:
        """What has come so far; one character may still be a person's."""
        return self._text

    def feed(self, character: str, at_s: float) -> bool:
        """Take one character; whether it goes on a burst (False: it begins a new one)."""
        goes_on = bool(self._text) and at_s - self._last_s <= self.scanner.gap_s
        self._text = self._text + character if goes_on else character
        self._last_s = at_s
        return goes_on

    def goes_on(self, at_s: float) -> bool:
        """Whether a character now would go on a burst."""
        return bool(self._text) and at_s - self._last_s <= self.scanner.gap_s

    def end(self, at_s: float) -> str | None:
        """The end of a code was pressed: the scan with its prefix, if there was one."""
        text, fast = self._text, at_s - self._last_s <= self.scanner.gap_s
        self._text = ""
        return text if fast and len(text) >= LEAST_LENGTH + len(self.scanner.prefix) else None

    def drop(self) -> str:
        """Give up: what was held back was typed by a person."""
        text, self._text = self._text, ""
        return text


class Scanned(Enum):
    """What a scan can be."""

    BADGE = "badge"
    PATIENT = "patient"
    BED = "bed"  # the tag at the bed of the patient in `encounter`
    BAG = "bag"  # prepared for the patient in `encounter`
    PACK = "pack"
    DEVICE = "device"
    TRAY = "tray"
    CARD = "card"  # an insurance voucher or a health card: the server says whose
    ELSEWHERE = "elsewhere"  # looks like a patient of ours, but nobody of that number lies in this ward
    DISCHARGED = "discharged"
    MOVED = "moved"  # lies in another ward now
    OTHER_WARD = "other-ward"  # a tag of another ward
    EMPTY_BED = "empty-bed"
    TWO_IN_BED = "two-in-bed"  # an open exception: nobody can tell whose round it was
    EXPIRED = "expired"
    UNCHECKED = "unchecked"  # a presence code: this cart has no key to check it with yet
    STALE = "stale"  # a presence code of another minute, of another bed, or made by nobody of this ward
    DAMAGED = "damaged"
    UNKNOWN = "unknown"


REFUSED = frozenset(
    {
        Scanned.ELSEWHERE,
        Scanned.DISCHARGED,
        Scanned.MOVED,
        Scanned.OTHER_WARD,
        Scanned.EMPTY_BED,
        Scanned.TWO_IN_BED,
        Scanned.EXPIRED,
        Scanned.UNCHECKED,
        Scanned.STALE,
        Scanned.DAMAGED,
        Scanned.UNKNOWN,
    }
)
"""What fits on no screen."""


@dataclass(frozen=True)
class Scan:
    """What was read, and what it is. `why`: what is wrong with the code itself, to be said to the nurse.

    Of a `card` nothing stands in `text`: it is a person's key, and is shown and kept nowhere.
    """

    text: str
    what: Scanned
    encounter: str | None = None
    code: Code | None = None
    why: InvalidInput | None = None
    card: ShownCard | None = None

    @property
    def kind(self) -> ScanKind:
        """Which kind of code it is, for the statistics."""
        if self.code is not None:
            return _KINDS[type(self.code)]
        if self.card is not None:
            return "card"
        return "wristband" if self.what is Scanned.ELSEWHERE else "unknown"

    @property
    def reason(self) -> str:
        """Why it is refused, in a word for the statistics."""
        return str(self.why.params["reason"]) if self.why is not None else self.what.value


_KINDS: dict[type, ScanKind] = {
    Wristband: "wristband",
    Badge: "badge",
    BedTag: "bed",
    DeviceTag: "device",
    BagLabel: "bag",
    DrugPack: "drug",
    TrayLabel: "tray",
    Presence: "presence",
}


def understand(
    text: str,
    stays: Iterable[EncounterView],
    *,
    former: Callable[[str], EncounterView | None] = lambda _: None,
    today: date | None = None,
    presence: Callable[[Presence], bool] | None = None,
) -> Scan:
    """Tell what was scanned. `stays`: those in this ward now. `former`: also one that has left. `today`: for expiry.
    `presence`: whether a bedside screen shows this code just now; without it such codes cannot be checked.

    An admission number of a stay in this ward wins over everything else: wristbands of other systems carry it.
    """
    code, here = text.strip(" \t\r\n"), list(stays)
    for stay in here:
        if stay.admission_no.casefold() == code.casefold():
            return Scan(code, Scanned.PATIENT, stay.id, Wristband(stay.id))
    try:
        found = read_code(code)
    except CodeDamaged as exc:
        return Scan(code, Scanned.DAMAGED, why=exc)
    except CodeUnknown as exc:
        return _of_another_system(code, exc)
    if isinstance(found, Badge):
        return Scan(found.badge, Scanned.BADGE, code=found)
    if isinstance(found, DrugPack):
        expired = today is not None and found.is_expired(today)
        return Scan(code, Scanned.EXPIRED if expired else Scanned.PACK, code=found)
    if isinstance(found, DeviceTag):
        return Scan(code, Scanned.DEVICE, code=found)
    if isinstance(found, TrayLabel):
        return Scan(code, Scanned.TRAY, code=found)
    if isinstance(found, BedTag):
        return _at_bed(code, found, here)
    what = {Wristband: Scanned.PATIENT, BagLabel: Scanned.BAG, Presence: Scanned.UNCHECKED}[type(found)]
    lying = next((stay for stay in here if stay.id == found.encounter), None)
    if lying is not None:
        if isinstance(found, Presence) and presence is not None:
            is_here = (lying.ward, lying.bed) == (found.ward, found.bed) and presence(found)
            what = Scanned.PATIENT if is_here else Scanned.STALE
        return Scan(code, what, found.encounter, found)
    left = former(found.encounter)
    if left is None:
        return Scan(code, Scanned.ELSEWHERE, None, found)
    gone = Scanned.DISCHARGED if left.status == "finished" else Scanned.MOVED
    return Scan(code, gone, found.encounter, found)


def presence_check(log: str | None, now: datetime) -> Callable[[Presence], bool] | None:
    """How this cart checks presence codes; None as long as it knows no ward."""
    if log is None:
        return None
    key = presence_key(log)
    return lambda code: is_present(key, code, now)


def patient_code(text: str, at: datetime) -> PatientScan:
    """What is kept of the scan that showed who the patient is: the wristband, or the code on the screen at the bed."""
    try:
        is_presence = isinstance(read_code(text), Presence)
    except (CodeDamaged, CodeUnknown):
        is_presence = False
    return PatientScan(what="presence" if is_presence else "wristband", code=text[:160], at=at)


def _of_another_system(code: str, why: CodeUnknown) -> Scan:
    if (card := read_card(code)) is not None:
        return Scan("", Scanned.CARD, card=card)
    if _BADGE.fullmatch(code.upper()):
        return Scan(code.upper(), Scanned.BADGE, code=Badge(code.upper()))
    if why.params["reason"] == "unknown":
        return Scan(code, Scanned.ELSEWHERE if _ADMISSION.fullmatch(code) else Scanned.UNKNOWN)
    return Scan(code, Scanned.UNKNOWN, why=why)


def _at_bed(text: str, tag: BedTag, here: list[EncounterView]) -> Scan:
    found = [stay for stay in here if (stay.ward, stay.bed) == (tag.ward, tag.bed)]
    if found:
        return (
            Scan(text, Scanned.BED, found[0].id, tag) if len(found) == 1 else Scan(text, Scanned.TWO_IN_BED, None, tag)
        )
    is_other = bool(here) and all(stay.ward != tag.ward for stay in here)
    return Scan(text, Scanned.OTHER_WARD if is_other else Scanned.EMPTY_BED, None, tag)
