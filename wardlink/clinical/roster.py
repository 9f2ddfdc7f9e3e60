"""Who is to work when: the words of a roster's cells, the hours they stand for, and what stands out in a week. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from wardlink.clinical.shifts import Shift, shift_on, shifts
from wardlink.i18n import N_, gettext

ON_CALL = "on-call"
OFF = "off"
_WORDS = {ON_CALL: N_("On call"), OFF: N_("Off")}

NURSES = frozenset({"nurse", "charge-nurse", "head-nurse"})
ROSTERED = (*sorted(NURSES), "doctor", "therapist")
"""Whose shifts are planned."""


def codes() -> tuple[str, ...]:
    """What may stand in a cell: a shift of the house, on call, off."""
    return (*shifts(), ON_CALL, OFF)


def code_text(code: str) -> str:
    """What stands in a cell, in words."""
    return gettext(_WORDS[code]) if code in _WORDS else gettext(shifts()[code])


@dataclass(frozen=True)
class Entry:
    """Somebody's cell of a day: the shift that begins on it, on call, or off."""

    ward: str
    staff: str
    on: date
    code: str

    @property
    def shift(self) -> Shift | None:
        """The hours that it stands for; None where there are none: off, or on call, whose hours nobody writes down."""
        return shift_on(self.on, self.code) if self.code in shifts() else None


def monday(day: date) -> date:
    """The first day of the week that a day belongs to."""
    return day - timedelta(days=day.weekday())


def week(day: date) -> tuple[date, ...]:
    """The seven days of its week, from Monday."""
    return tuple(monday(day) + timedelta(days=n) for n in range(7))


def without_nurse(entries: Iterable[Entry], nurses: Collection[str], days: Sequence[date]) -> dict[str, list[date]]:
    """By shift: the days on which no nurse is entered for it. Nothing of a week in which nobody is entered."""
    held = {(entry.code, entry.on) for entry in entries if entry.staff in nurses}
    if not held:
        return {}
    found = {code: [day for day in days if (code, day) not in held] for code in shifts()}
    return {code: bare for code, bare in found.items() if bare}


def overlaps(entries: Iterable[Entry]) -> list[tuple[Entry, Entry]]:
    """Pairs of shifts of one person that share a moment; two that only touch do not."""
    by_staff: dict[str, list[tuple[Entry, Shift]]] = defaultdict(list)
    for entry in sorted(entries, key=lambda e: (e.staff, e.on, e.ward)):
        if entry.shift is not None:
            by_staff[entry.staff].append((entry, entry.shift))
    return [
        (one, other)
        for held in by_staff.values()
        for (one, its), (other, others) in combinations(held, 2)
        if its.begins_at < others.ends_at and others.begins_at < its.ends_at
    ]
