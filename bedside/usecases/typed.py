"""What a patient types on the pad to say who they are. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING

from wardlink.clock import ward_date

if TYPE_CHECKING:
    from wardlink.messages.encounters import EncounterView

LONGEST_NO = 20
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ-"
DIGITS = "0123456789"

_LETTERS_FIRST = re.compile(r"^[A-Za-z]+(?=[0-9])")
_LAST4 = re.compile(r"^[0-9]{3}[0-9X]$")
_DAY = re.compile(r"^[0-9]{8}$")


class Field(Enum):
    """The two things that are asked, one after the other."""

    ADMISSION_NO = "admission-no"
    SECOND = "second"


@dataclass(frozen=True)
class Typed:
    """The two answers so far, and which of them is being typed.

    `offered`: the letters in the first field were put there for the patient, who may type over them.
    """

    admission_no: str = ""
    second: str = ""
    field: Field = Field.ADMISSION_NO
    offered: bool = False

    @classmethod
    def begun(cls, prefix: str | None) -> Typed:
        """Nothing typed yet; the hospital's letters are there already, so that digits are all that is left."""
        return cls(admission_no=prefix or "", offered=prefix is not None)

    @property
    def text(self) -> str:
        """What stands in the field."""
        return self.admission_no if self.field is Field.ADMISSION_NO else self.second

    def takes(self, text: str) -> bool:
        """Whether the field can take these characters as well."""
        if self.field is Field.ADMISSION_NO:
            return all(c in LETTERS + DIGITS for c in text) and len(self.admission_no + text) <= LONGEST_NO
        longer = self.second + text
        if "X" in self.second or ("X" in text and len(longer) != 4):
            return False
        return all(c in DIGITS + "X" for c in text) and len(longer) <= 8

    def add(self, text: str) -> Typed:
        """With more characters at the end; what the field cannot take changes nothing."""
        upper = text.upper()
        if self.offered and self.field is Field.ADMISSION_NO and not upper.isdigit():
            return replace(self, admission_no="", offered=False).add(upper)
        return self._with(self.text + upper) if self.takes(upper) else self

    def back(self) -> Typed:
        """Without the last character."""
        return self._with(self.text[:-1])

    def cleared(self) -> Typed:
        """With nothing in the field."""
        return self._with("")

    def at(self, field: Field) -> Typed:
        """Typing in the other field."""
        return replace(self, field=field)

    def _with(self, text: str) -> Typed:
        if self.field is Field.ADMISSION_NO:
            return replace(self, admission_no=text, offered=False)
        return replace(self, second=text)

    def is_second_whole(self, now: datetime) -> bool:
        """Whether the second answer can be one: four characters of an ID number, or a day that has been."""
        if _LAST4.match(self.second):
            return True
        return _DAY.match(self.second) is not None and _is_past_day(self.second, now)


def admission_no_to_send(typed: str, here: EncounterView | None) -> str:
    """The number as the hospital writes it: the pad has capitals only, and some hospitals write small letters."""
    if here is not None and here.admission_no.casefold() == typed.casefold():
        return here.admission_no
    return typed


def prefix_of(admission_no: str | None) -> str | None:
    """The letters that this hospital's numbers begin with: "ZY" of ZY026001. They name nobody."""
    found = None if admission_no is None else _LETTERS_FIRST.match(admission_no)
    return None if found is None or len(found[0]) > 4 else found[0].upper()


def pages_of_letters(keys: int) -> Sequence[str]:
    """The letters on pages of so many keys; each page must hold at least one."""
    room = max(1, keys)
    return tuple(LETTERS[at : at + room] for at in range(0, len(LETTERS), room))


def _is_past_day(text: str, now: datetime) -> bool:
    try:
        day = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return date(1900, 1, 1) <= day <= ward_date(now)
