"""What a patient shows on a telephone or a card: an insurance e-voucher, or an electronic health card. Pure.

A voucher's token lives for about a minute and is a person's key, so it is neither printed nor kept: only a server may
ask whose it is. Neither form has a check digit, so what is read here is a question and never an answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

CardKind = Literal["voucher", "health-card"]

# K: 28 letters and digits; the platform alone knows. Source: ward domain sheet 8.1 names the voucher, not its form.
_VOUCHER = re.compile(r"[0-9A-Za-z]{28}")
# K: "ID:type" as printed, "ID:type:valid until" on a telephone. Source: public code of a regional platform.
_HEALTH_CARD = re.compile(r"([0-9A-Za-z]{18,64}):[0-9]{1,2}(?::[0-9A-Za-z]{1,32})?")


@dataclass(frozen=True)
class ShownCard:
    """A card that somebody shows. `number` never appears in a log, an audit or an error."""

    kind: CardKind
    number: str = field(repr=False)


def read_card(text: str) -> ShownCard | None:
    """The card behind this code; None: it is none."""
    code = text.strip(" \t\r\n")
    if _VOUCHER.fullmatch(code):
        return ShownCard("voucher", code)
    found = _HEALTH_CARD.fullmatch(code)
    return None if found is None else ShownCard("health-card", found[1])
