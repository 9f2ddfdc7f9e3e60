"""Measured floats made exact before they meet a bound, so that binary noise cannot move a patient a band."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal

_NOISE = 1e-6
_WIDE = Context(prec=700)  # enough for every finite float, so that nonsense gets a finding and not a crash
_BEYOND_ANY_BAND = 1e9


def exact(value: float) -> Decimal:
    """The decimal that was meant: 38.05 for the float 38.05, 0.3 for 0.1 + 0.2.

    Differences under a millionth of the unit are noise of arithmetic; no ward device resolves them.
    """
    return Decimal(repr(round(value, 6)))


def half_up(value: Decimal | float, decimals: int = 0) -> Decimal:
    """`value` rounded to `decimals`, halves away from zero as on paper: 38.05 to 38.1, 95.5 to 96."""
    number = value if isinstance(value, Decimal) else exact(value)
    return number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=_WIDE)


def scaled_half_up(value: float, decimals: int = 0) -> int:
    """A reading as a count of its last digit, rounded half up at a fraction of `half_up`'s cost.

    38.05 with one decimal is 381 tenths. For comparing with bands only: past every band it stops counting.
    """
    within = max(-_BEYOND_ANY_BAND, min(value, _BEYOND_ANY_BAND))
    return math.floor(within * 10.0**decimals + 0.5 + _NOISE)
