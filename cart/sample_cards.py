"""The invented cards of the invented patients: what the server says of them, and what it says of all others."""

from __future__ import annotations

from collections.abc import Iterable

from wardlink.codes.cards import ShownCard
from wardlink.device import CardFound
from wardlink.errors import Unreachable
from wardlink.messages.encounters import EncounterView

VOUCHERS = {"SAMPLE0000000000000000000012": "12", "SAMPLE0000000000000000000006": "6"}
"""Tokens, and the beds of the patients who show them."""


def card_found(card: ShownCard, stays: Iterable[EncounterView], *, server_alive: bool) -> CardFound:
    """What the server says of a card.

    Raises:
        Unreachable: it is away.
    """
    if not server_alive:
        raise Unreachable
    bed = VOUCHERS.get(card.number) if card.kind == "voucher" else None
    found = next((stay.id for stay in stays if stay.bed == bed), None)
    return CardFound(outcome="unknown" if found is None else "found", encounter=found)
