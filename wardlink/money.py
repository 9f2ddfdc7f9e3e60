"""Money as whole fen: reading it, showing it, taking a share of it. No float ever holds an amount.

Everything that counts money stands on this: the ledger, payments, insurance, and the screens that show them.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field

from wardlink.errors import InvalidInput
from wardlink.i18n import N_

MONEY_MAX = 100_000_000_00
"""No single amount is larger, in fen: 100 million yuan, as a payment channel takes at most (ward domain sheet 7.4)."""

WHOLE_BP = 10_000
"""All of an amount, in basis points."""

Fen = Annotated[int, Field(strict=True, ge=0, le=MONEY_MAX)]
"""An amount in a message: whole fen, none below nothing, no float and no text."""

PositiveFen = Annotated[int, Field(strict=True, gt=0, le=MONEY_MAX)]
"""The same, and more than nothing."""

_YUAN = re.compile(r"(-?)(0|[1-9][0-9]{0,11})(?:\.([0-9]{1,2}))?", re.ASCII)

_UNREADABLE = N_("{text} is no amount. Write yuan with at most two decimals, for example 1234.50.")
_NEGATIVE = N_("An amount cannot be below zero: {text}.")
_TOO_LARGE = N_("{text} yuan is more than one amount may be ({most} yuan).")


class AmountInvalid(InvalidInput):
    """This is no amount of money that may be written here."""

    code = "amount-invalid"
    sentence = _UNREADABLE


def yuan(fen: int) -> str:
    """Fen as yuan with two decimals, as channels and lists want it: 1234567 is "12345.67", -5 is "-0.05"."""
    sign, whole = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{whole // 100}.{whole % 100:02d}"


def fen(text: str, *, signed: bool = False) -> int:
    """Yuan as somebody wrote them, in fen; the inverse of `yuan`.

    Digits with at most two decimals and nothing else: no float, no separators, no plus sign, and a minus sign only
    where `signed`.

    Raises:
        AmountInvalid: it is something else, below zero, or larger than `MONEY_MAX`.
    """
    found = _YUAN.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise AmountInvalid(text=str(text)[:40])
    sign, whole, part = found.groups()
    amount = int(whole) * 100 + int((part or "").ljust(2, "0"))
    if sign and not signed:
        raise AmountInvalid(_NEGATIVE, text=text)
    if amount > MONEY_MAX:
        raise AmountInvalid(_TOO_LARGE, text=text, most=yuan(MONEY_MAX))
    return -amount if sign else amount


def share(fen: int, basis_points: int) -> int:
    """So many ten-thousandths of an amount, in whole fen, half a fen rounded away from zero.

    The share of a negative amount is the negative of the share, so that a reversal takes back exactly what was booked.

    Raises:
        ValueError: not between nothing and all of it.
    """
    if not 0 <= basis_points <= WHOLE_BP:
        raise ValueError(f"{basis_points} basis points are no share")
    part = (abs(fen) * basis_points + WHOLE_BP // 2) // WHOLE_BP
    return -part if fen < 0 else part
