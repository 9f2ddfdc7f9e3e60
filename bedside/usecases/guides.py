"""The guides that a patient reads: the hospital's own where the ward was told them, or else those that ship."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardlink.clinical.guides import Guides, our_guides
from wardlink.record.guides import GUIDES

if TYPE_CHECKING:
    from bedside.ports import Board

OUTPATIENT = "outpatient"
"""The guide that an entry of its own leads to."""


def guides_of(board: Board) -> Guides:
    """From this terminal's own disk."""
    told = board.records(GUIDES)
    return told[-1].guides if told else our_guides()
