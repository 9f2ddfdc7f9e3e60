"""A usual set of vital signs, and the sets that were recorded."""

from __future__ import annotations

from tests.cart.nurse import Nurse, sample_of
from wardlink.messages.commands import Command

USUAL_ROUND = ("36.8", "72", "16", "122", "78", "98")
"""Temperature, pulse, respiration, both pressures, oxygen; then air by digit, alert by letter, and pain."""
MOST_KEYS = 30
"""So many keys a usual set may take, the one that saves it included; it takes 27."""


def sets(nurse: Nurse) -> list[Command]:
    """The sets that were recorded."""
    return [command for command in sample_of(nurse).recorded if command.kind == "vitals.record"]


async def usual_round(nurse: Nurse) -> None:
    """Fill the first page as on every round."""
    await nurse.fill(*USUAL_ROUND)
    await nurse.press("1", "a")
    await nurse.fill("0")
