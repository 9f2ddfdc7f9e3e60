"""Tells whether the server is alive, from what was heard of it. Pure; `now_s` is monotonic."""

from __future__ import annotations

from dataclasses import dataclass

from wardlink.messages.status import SILENT_AFTER_S


@dataclass
class ServerWatch:
    """`lost`: its last will, or its own goodbye, was the last that was heard. Silence is not yet a loss."""

    lost: bool = False
    _heard_s: float = float("-inf")

    def heard(self, now_s: float) -> None:
        """The server itself has spoken just now."""
        self.lost = False
        self._heard_s = now_s

    def gone(self) -> None:
        """The server has said goodbye, or the broker has said it for it."""
        self.lost = True
        self._heard_s = float("-inf")

    def unknown(self) -> None:
        """The connection is lost: nothing can be heard."""
        self.lost = False
        self._heard_s = float("-inf")

    def alive(self, now_s: float) -> bool:
        """Whether it was heard within the last seconds."""
        return not self.lost and now_s - self._heard_s < SILENT_AFTER_S
