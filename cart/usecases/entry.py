"""A short form on top of a page: its fields, and what the things typed so far mean. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cart.usecases.draft import NOT_A_NUMBER, NOT_A_TIME, NOT_WHOLE, Draft, Unreadable, measured_at
from wardlink.clinical.findings import Finding, Severity
from wardlink.i18n import N_
from wardlink.terminal.cells import clip, plain

if TYPE_CHECKING:
    from wardlink.clinical.codes import Coded
    from wardlink.messages.base import Message

WORDS = 200
"""Characters of a note or a reason."""
LATE = "late_reason"
STRIKE_REASONS = (N_("wrong patient"), N_("wrong value"), N_("wrong time"), N_("entered twice"))


@dataclass(frozen=True)
class EntryField:
    """One row. `codes`: the answers that it is picked from. `limit`: characters of a text; 0 for a number.

    `only_if_asked`: the row is there once a finding asks for it.
    """

    key: str
    label: str
    unit: str = ""
    codes: tuple[Coded, ...] = ()
    limit: int = 0
    text: str = ""
    only_if_asked: bool = False


TIME = EntryField("measured_at", N_("Time"), limit=20)
NOTE = EntryField("note", N_("Note"), limit=WORDS)
WHY_LATE = EntryField(LATE, N_("Why late"), limit=WORDS, only_if_asked=True)


@dataclass(frozen=True)
class EntryExam:
    """What a form means at one instant. `body`: what is recorded, None while nothing can be.

    `says`: what the value means, to read before it is saved; `urgent`: in a tone that is seen.
    """

    at: datetime
    findings: tuple[Finding, ...]
    unreadable: tuple[Unreadable, ...]
    confirmed: frozenset[Finding]
    body: Message | None
    says: str = ""
    urgent: bool = False

    @property
    def unconfirmed(self) -> tuple[Finding, ...]:
        """Findings that wait for the nurse's word."""
        softs = (finding for finding in self.findings if finding.severity is Severity.SOFT)
        return tuple(finding for finding in softs if finding not in self.confirmed)

    @property
    def blocks(self) -> tuple[Finding, ...]:
        """Findings that are neither confirmed nor can be: something must be corrected or added."""
        return tuple(finding for finding in self.findings if finding.severity is not Severity.SOFT)

    @property
    def may_save(self) -> bool:
        """Whether nothing stands in the way."""
        return self.body is not None and not (self.unreadable or self.blocks or self.unconfirmed)

    @property
    def first_trouble(self) -> str | None:
        """The field to go to when it may not be saved."""
        if self.unreadable:
            return self.unreadable[0].key
        found = (*self.blocks, *self.unconfirmed)
        if not found:
            return None
        return LATE if found[0].code == "late-reason-needed" else found[0].fields[0]


class Texts:
    """What was typed, read field by field; what cannot be read is remembered in `unreadable`."""

    def __init__(self, texts: Mapping[str, str], now: datetime) -> None:
        self._texts = {key: unicodedata.normalize("NFKC", text).strip() for key, text in texts.items()}
        self._now = now
        self.unreadable: list[Unreadable] = []

    def words(self, key: str) -> str | None:
        """A text or a picked code; None where there is nothing."""
        return self._texts.get(key) or None

    def number(self, key: str) -> float | None:
        """A number; None where there is nothing, or nothing readable."""
        typed = self._texts.get(key, "").translate(_STANDS_FOR)
        if not typed:
            return None
        if not typed.isascii() or not typed.removeprefix("-").replace(".", "", 1).isdigit():
            self._bad(key, NOT_A_NUMBER, typed)
            return None
        return float(typed)

    def whole(self, key: str, *, least: int, most: int) -> int | None:
        """A whole number; None where there is nothing, or nothing readable."""
        typed = self._texts.get(key, "")
        if not typed:
            return None
        if not (typed.isascii() and typed.isdigit() and least <= int(typed) <= most):
            self._bad(key, NOT_WHOLE, typed)
            return None
        return int(typed)

    def at(self) -> datetime:
        """When it happened: now, unless a time was typed."""
        typed = self._texts.get("measured_at", "")
        found = measured_at(Draft(at=typed), self._now)
        if found is None:
            self._bad("measured_at", NOT_A_TIME, typed)
        return found or self._now

    def _bad(self, key: str, message: str, typed: str) -> None:
        self.unreadable.append(Unreadable(key, message, clip(plain(typed), WORDS // 10)))


_STANDS_FOR = str.maketrans({"。": ".", "．": "."})
