"""The elements that live in the browser: the bed board, the live table, the open alerts."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from nicegui.element import Element

from server.dashboard.pacing import Pace
from wardlink.clock import WARD_ZONE


class _Live(Element):
    """Sends frames at the pace of its browser; `catch_up` is called when that needs the whole picture."""

    def __init__(self) -> None:
        super().__init__()
        self._pace = Pace(self._send)
        self.catch_up: Callable[[], Awaitable[None]] | None = None
        self.on("shown", self._shown)

    def apply(self, frame: bytes) -> bool:
        """Show a frame, JSON as it comes from the feed; False if it must wait. On the event loop only."""
        return self._pace.frame(frame, time.monotonic())

    async def _shown(self) -> None:
        if self._pace.shown(time.monotonic()) and self.catch_up is not None:
            await self.catch_up()

    def _send(self, frames: list[bytes]) -> None:
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
