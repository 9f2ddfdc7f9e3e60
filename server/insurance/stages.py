"""How far a stay is dealt with over there: the steps forward, and the way back in strict reverse, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Stage = Literal["none", "registered", "uploaded", "discharged", "settled"]

SETTLE_LAST: tuple[Stage, ...] = ("none", "registered", "uploaded", "discharged", "settled")
"""Where a province wants the discharge (2402) before the settlement (2304)."""

DISCHARGE_LAST: tuple[Stage, ...] = ("none", "registered", "uploaded", "settled", "discharged")
"""Where it wants the discharge after the settlement."""

FORWARD: Mapping[str, Stage] = {"2401": "registered", "2301": "uploaded", "2402": "discharged", "2304": "settled"}
"""To which stage a message leads."""

BACK: Mapping[str, Stage] = {"2404": "registered", "2302": "uploaded", "2405": "discharged", "2305": "settled"}
"""From which stage a message leads back to the one before it."""

HARMLESS = frozenset({"9001", "1101", "2001", "2303", "2403", "5203", "2601", "3201", "3202"})
"""Messages that may be sent again: they change nothing over there, or nothing that a second one would change more."""


def stages(discharge_first: bool) -> tuple[Stage, ...]:
    """The stages in the order of this province."""
    return SETTLE_LAST if discharge_first else DISCHARGE_LAST


def after(infno: str, order: tuple[Stage, ...]) -> Stage:
    """Where a stay stands once this message was done."""
    if infno in FORWARD:
        return FORWARD[infno]
    return order[order.index(BACK[infno]) - 1]


def may_follow(infno: str, stage: Stage, order: tuple[Stage, ...]) -> bool:
    """Whether this message may be sent where a stay stands at `stage`. Lines may be sent many times."""
    if infno in BACK:
        return stage == BACK[infno]
    at = order.index(FORWARD[infno])
    return stage == order[at - 1] or (infno == "2301" and stage == "uploaded")
