"""The elements that live in the browser: the bed board, the live table, the open alerts."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from nicegui.element import Element

from wardlink.clock import WARD_ZONE

PATIENCE_S = 10.0
"""After so long without an answer a browser is sent to again: the answer may have been lost."""

MOST_WAITING_BYTES = 250_000
"""More than this does not wait for a slow browser: three times the whole picture of a large ward."""


class _Live(Element):
    """Sends a frame only when the browser has shown the one before.

    A slow browser must not be shown a queue of old frames as if they were of now: what it cannot take waits here and
    goes all at once when it can take something again. Where that has become too much it is left out, and `catch_up`
    is called instead.
    """

    def __init__(self) -> None:
        super().__init__()
        self._sent_s: float | None = None
        self._waiting: list[bytes] = []
        self._is_behind = False
        self.catch_up: Callable[[], Awaitable[None]] | None = None
        self.on("shown", self._shown)

    def apply(self, frame: bytes) -> bool:
        """Show a frame, JSON as it comes from the feed; False if it must wait. On the event loop only."""
        now_s = time.monotonic()
        if self._sent_s is not None and now_s - self._sent_s < PATIENCE_S:
            self._keep(frame)
            return False
        self._send([*self._waiting, frame], now_s)
        return True

    async def _shown(self) -> None:
        self._sent_s = None
        if self._is_behind and self.catch_up is not None:
            self._is_behind = False
            self._waiting.clear()
            await self.catch_up()
        elif self._waiting:
            self._send(self._waiting, time.monotonic())

    def _keep(self, frame: bytes) -> None:
        self._waiting.append(frame)
        if sum(map(len, self._waiting)) > MOST_WAITING_BYTES:
            self._waiting.clear()
            self._is_behind = True

    def _send(self, frames: list[bytes], now_s: float) -> None:
        self._sent_s, self._waiting = now_s, []
        # A frame is rendered once for all browsers; run_method would render it again for each.
        told = b",".join(frames).decode()
        self.client.run_javascript(f"runMethod({self.id}, 'apply', [{told}])")


class BedBoard(_Live, component="components/bed_board.js"):
    """All beds of a ward. `stay` is the address before a stay's id, `show` the filter to begin with."""

    def __init__(self, first: dict[str, Any], words: dict[str, Any], *, stay: str, show: str) -> None:
        super().__init__()
        self.props["initial"] = first
        self.props["words"] = words
        self.props["zone"] = WARD_ZONE.key
        self.props["stay"] = stay
        self.props["show"] = show


class LiveTable(_Live, component="components/live_table.js"):
    """A table whose rows come anew with each frame.

    `find` is what is searched for to begin with; None where the page has a search of its own.
    """

    def __init__(
        self, columns: list[dict[str, str]], first: dict[str, Any], words: dict[str, Any], *, find: str | None
    ) -> None:
        super().__init__()
        self.props["columns"] = columns
        self.props["initial"] = first
        self.props["words"] = words
        self.props["zone"] = WARD_ZONE.key
        self.props["find"] = find


class Alarms(_Live, component="components/alarms.js"):
    """The open alerts and calls of a ward.

    `station`: for the nurses' desk, with sound. `acts`: the address before an alert's id; empty where the visitor may
    only look. `roles`: to whom an alert can be handed on.
    """

    def __init__(
        self,
        first: dict[str, Any],
        words: dict[str, Any],
        *,
        language: str,
        station: bool,
        acts: str,
        roles: list[dict[str, str]],
    ) -> None:
        super().__init__()
        self.props["initial"] = first
        self.props["words"] = words
        self.props["zone"] = WARD_ZONE.key
        self.props["language"] = language
        self.props["station"] = station
        self.props["acts"] = acts
        self.props["roles"] = roles
