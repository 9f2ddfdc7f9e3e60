"""Where messages wait between the wire and the ingest; the plain ones are recognised meanwhile."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from server.quick import Plain, recognise
from wardlink.link.port import Incoming

MAX_WAITING = 50_000
"""More than this is left to the devices, which send again what has no receipt."""

READ_AHEAD = 4_000
"""So many are recognised while they wait; more would only take up memory."""


class Arrived(NamedTuple):
    """A message, and what it says if it is plain and has been looked at already."""

    message: Incoming
    plain: Plain | None


class Inbox:
    """A queue with one reader that takes everything there is."""

    def __init__(self) -> None:
        self._waiting: deque[Arrived] = deque()
        self._arrived = threading.Event()
        self._waiting_since_s: float | None = None
        self.dropped = 0

    def put(self, messages: Sequence[Incoming]) -> None:
        """Add messages, in their order. Called by the link's thread; never blocks.

        They are recognised here, in the link's thread, because the ingest's has to wait for the disk anyway.
        """
        if self._waiting_since_s is None:
            self._waiting_since_s = time.monotonic()
        room = max(0, MAX_WAITING - len(self._waiting))
        for message in messages[:room]:
            looks = len(self._waiting) < READ_AHEAD
            plain = recognise(message.topic, message.payload) if looks else None
            self._waiting.append(Arrived(message, plain))
        self.dropped += len(messages) - min(room, len(messages))
        self._arrived.set()

    def take(self, most: int) -> list[Arrived]:
        """Wait until there is something, then take what there is, at most `most`; empty after `wake`."""
        self._arrived.wait()
        self._arrived.clear()
        taken = [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]
        self._waiting_since_s = None
        if self._waiting:
            self._waiting_since_s = time.monotonic()
            self._arrived.set()
        return taken

    def lag_s(self) -> float:
        """For how long messages have been waiting since the reader last took some."""
        since_s = self._waiting_since_s
        return time.monotonic() - since_s if since_s is not None and self._waiting else 0.0

    def wake(self) -> None:
        """Let the reader come back empty-handed."""
        self._arrived.set()

    def __len__(self) -> int:
        return len(self._waiting)
