"""GS1 element strings on drugs' packs: DataMatrix, GS1-128, QR and the bare number under an EAN-13.

`biip` knows the application identifiers and how long each is; what it finds is checked here, because a wrong check
digit or a date that does not exist must stop a nurse and not be passed over.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wardlink.codes.kinds import DrugPack
from wardlink.errors import CodeDamaged, CodeUnknown
from wardlink.i18n import N_

if TYPE_CHECKING:
    from biip.gs1_messages import GS1Message

SEPARATOR = "\x1d"
_SYMBOLOGIES = ("]d2", "]C1", "]Q3", "]e0")
"""What a scanner may put before a GS1 code: DataMatrix, GS1-128, QR, DataBar."""

_LIKE_ELEMENTS = re.compile(r"01\d{14}")
_BARE = re.compile(r"\d{13,14}")
_BRACKETED = re.compile(r"\((\d{2,4})\)([^()]*)")
_DATE = re.compile(r"(\d{2})(0[1-9]|1[0-2])([0-2]\d|3[01])")

_CHECK_DIGIT = N_("A digit of the drug's code was misread. Scan it again.")
_MISREAD = N_("The drug's code was not read whole. Scan it again.")
_NO_NUMBER = N_("This GS1 code names no drug.")
_BAD_DATE = N_("The expiry date in the drug's code does not exist. Do not use this pack.")


def is_gs1(text: str) -> bool:
    """Whether this is meant to be a GS1 code; a bare number is, where its check digit is right."""
    bare = _BARE.fullmatch(text) is not None and is_gtin(text)
    return bare or text.startswith((*_SYMBOLOGIES, SEPARATOR, "(01)")) or _LIKE_ELEMENTS.match(text) is not None


def read_gs1(text: str) -> DrugPack:
    """The pack that carries this code. What it holds beside number, lot, serial and expiry is skipped.

    Raises:
        CodeDamaged: a wrong check digit, a date that does not exist, or elements that do not fit the standard.
        CodeUnknown: a GS1 code without the number of an article.
    """
    code = _bare(text)
    if _BARE.fullmatch(code):
        return DrugPack(_gtin(code.rjust(14, "0")))
    values: dict[str, str] = {}
    for element in _parse(code).element_strings:
        name, value = element.ai.ai, element.value
        if values.setdefault(name, value) != value:
            raise CodeDamaged(_MISREAD, reason="damaged")
    if "01" not in values:
        raise CodeUnknown(_NO_NUMBER, reason="no-gtin")
    expires = _expiry(values["17"]) if "17" in values else None
    return DrugPack(_gtin(values["01"]), values.get("10"), values.get("21"), expires)


def write_gs1(pack: DrugPack) -> str:
    """The elements of a pack as `(01)...(17)...`, for a label."""
    text = f"(01){pack.gtin}"
    if pack.expires is not None:
        text += "(17)" + "".join(f"{part:02}" for part in pack.expires)
    for name, value in (("10", pack.lot), ("21", pack.serial)):
        text += f"({name}){value}" if value else ""
    return text


def is_gtin(digits: str) -> bool:
    """Whether the last digit checks the others. Source: GS1 General Specifications, 7.9 (mod 10, weights 3 and 1)."""
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 14):
        return False
    return sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(digits.rjust(14, "0"))) % 10 == 0


def _bare(text: str) -> str:
    for symbology in _SYMBOLOGIES:
        text = text.removeprefix(symbology)
    text = text.strip(SEPARATOR)
    if not text.startswith("("):
        return text
    if "".join(match[0] for match in _BRACKETED.finditer(text)) != text:
        raise CodeDamaged(_MISREAD, reason="damaged")
    # A separator after every element is one too many for those of a fixed length, so they lose it.
    return SEPARATOR.join(match[1] + match[2] for match in _BRACKETED.finditer(text))


def _parse(code: str) -> GS1Message:
    from biip import ParseConfig, ParseError
    from biip.gs1_messages import GS1Message

    config = ParseConfig(gs1_element_strings_verify_date=False, separator_chars=(SEPARATOR,))
    try:
        return GS1Message.parse(code, config=config)
    except ParseError as exc:
        raise CodeDamaged(_MISREAD, reason="damaged") from exc


def _gtin(digits: str) -> str:
    if not is_gtin(digits):
        raise CodeDamaged(_CHECK_DIGIT, reason="check-digit")
    return digits


def _expiry(digits: str) -> tuple[int, int, int]:
    found = _DATE.fullmatch(digits)
    if found is None:
        raise CodeDamaged(_BAD_DATE, reason="bad-date")
    year, month, day = (int(part) for part in found.groups())
    most = 29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31
    if day > most or (month == 2 and day == 29 and year % 4):
        raise CodeDamaged(_BAD_DATE, reason="bad-date")
    return year, month, day
