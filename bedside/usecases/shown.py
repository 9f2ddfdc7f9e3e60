"""A card that is shown to the scanner at the bed: told from typing by its speed. Pure."""

from __future__ import annotations

from wardlink.codes.cards import ShownCard, read_card

BURST_S = 0.035
"""Scanners leave 1 to 20 ms between two characters; fingers rarely under 40."""


class Reading:
    """Characters that follow each other faster than a finger types. Time is an argument, in monotonic seconds."""

    def __init__(self) -> None:
        self._text = ""
        self._last_s = float("-inf")

    def feed(self, character: str, at_s: float) -> bool:
        """Take one; whether it goes on what was being read (False: it begins anew)."""
        goes_on = at_s - self._last_s <= BURST_S
        self._text = (self._text if goes_on else "") + character
        self._last_s = at_s
        return goes_on

    def end(self) -> ShownCard | None:
        """The end of a code: the card, if it was one. Nothing of it is kept."""
        text, self._text = self._text, ""
        return read_card(text)
