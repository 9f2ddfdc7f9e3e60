"""Where messages wait between the wire and the ingest."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable

from wardlink.link.port import Incoming

MAX_WAITING = 50_000
"""More than this is left to the devices, which send again what has no receipt."""


class Inbox:
    """A queue with one reader that takes everything there is."""

    def __init__(self) -> None:
        self._waiting: deque[Incoming] = deque()
        self._arrived = threading.Event()
        self.dropped = 0

    def put(self, messages: Iterable[Incoming]) -> None:
        """Add messages, in their order. Called by the link's thread; never blocks."""
        for message in messages:
            if len(self._waiting) >= MAX_WAITING:
                self.dropped += 1
            else:
                self._waiting.append(message)
        self._arrived.set()

    def take(self, most: int) -> list[Incoming]:
        """Wait until there is something, then take what there is, at most `most`; empty after `wake`."""
        self._arrived.wait()
        self._arrived.clear()
        taken = [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]
        if self._waiting:
            self._arrived.set()
        return taken

    def wake(self) -> None:
        """Let the reader come back empty-handed."""
        self._arrived.set()

    def __len__(self) -> int:
        return len(self._waiting)
