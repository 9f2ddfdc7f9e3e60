"""A scan that was understood: a green line over the page that goes by itself."""

from __future__ import annotations

from textual.widgets import Static

SHOWN_S = 2.0
"""Monotonic, by the clock of the ward."""


class ScanTaken(Static):
    """Says what was read; takes no key and no place. Times are monotonic seconds."""

    DEFAULT_CSS = """
    ScanTaken {
        overlay: screen; constrain: inside; position: absolute; offset: 0 1; width: 100%; height: 3; padding: 1 2;
        background: #14602c; color: #ffffff; text-style: bold; text-align: center;
    }
    """

    def __init__(self, text: str, now_s: float) -> None:
        super().__init__("✔ " + text, markup=False)
        self._until_s = now_s + SHOWN_S

    def tick(self, now_s: float) -> None:
        """Go away after a moment."""
        if now_s >= self._until_s:
            self.remove()
