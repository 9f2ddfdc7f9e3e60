"""At which pace a page is sent frames: one when the one before has been shown. Pure; `live_elements` sends them."""

from __future__ import annotations

from collections.abc import Callable

PATIENCE_S = 10.0
"""After so long without an answer a browser is sent to again: the answer may have been lost."""

MOST_WAITING_BYTES = 250_000
"""More than this does not wait for a slow browser: three times the whole picture of a large ward."""


class Inlet:
    """Where a feed sends to while its page is still being made: nothing of what comes meanwhile is lost."""

    def __init__(self) -> None:
        self._show: Callable[[bytes], object] | None = None
        self._early: list[bytes] = []

    def send(self, frame: bytes) -> None:
        """Another frame."""
        if self._show is None:
            self._early.append(frame)
        else:
            self._show(frame)

    def open(self, show: Callable[[bytes], object]) -> None:
        """The page is there: `show` gets what has come, and everything from now on."""
        self._show = show
        for frame in self._early:
            show(frame)
        self._early.clear()


class Pace:
    """What one page is sent. Times are monotonic seconds; `send` takes frames that are shown at once, in their order.

    A slow browser must not be shown a queue of old frames as if they were of now: what it cannot take waits here and
    goes all at once. Where that has become too much it is left out, and the page needs the whole picture.
    """

    def __init__(self, send: Callable[[list[bytes]], None]) -> None:
        self._send_on = send
        self._sent_s: float | None = None
        self._waiting: list[bytes] = []
        self._is_behind = False

    def frame(self, frame: bytes, now_s: float) -> bool:
        """Another frame; False if it must wait."""
        if self._sent_s is not None and now_s - self._sent_s < PATIENCE_S:
            self._keep(frame)
            return False
        self._send([*self._waiting, frame], now_s)
        return True

    def shown(self, now_s: float) -> bool:
        """The page has shown what it was sent last; True if it must be given the whole picture now."""
        self._sent_s = None
        if self._is_behind:
            self._is_behind = False
            self._waiting = []
            return True
        if self._waiting:
            self._send(self._waiting, now_s)
        return False

    def _keep(self, frame: bytes) -> None:
        self._waiting.append(frame)
        if sum(map(len, self._waiting)) > MOST_WAITING_BYTES:
            self._waiting = []
            self._is_behind = True

    def _send(self, frames: list[bytes], now_s: float) -> None:
        self._sent_s, self._waiting = now_s, []
        self._send_on(frames)
