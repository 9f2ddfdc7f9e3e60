"""Measured floats made exact before they meet a bound, so that binary noise cannot move a patient a band."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

_MICRO = Decimal("0.000001")
_NOISE = 1e-6


def exact(value: float) -> Decimal:
    """The decimal that was meant: 38.05 for the float 38.05, 0.3 for 0.1 + 0.2.

    Differences under a millionth of the unit are noise of arithmetic; no ward device resolves them.
    """
    return Decimal(value).quantize(_MICRO)


def half_up(value: float, decimals: int = 0) -> Decimal:
    """`value` rounded to `decimals`, halves away from zero as on paper: 38.05 to 38.1, 95.5 to 96."""
    return exact(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def scaled_half_up(value: float, decimals: int = 0) -> int:
    """`half_up` as a count of the last digit, without decimals' cost: 38.05 with one decimal is 381 tenths."""
    return math.floor(value * 10.0**decimals + 0.5 + _NOISE)
