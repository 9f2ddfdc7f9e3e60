"""A lock that is given in the order in which it was asked for.

A lock of the standard library goes to whoever is running when it becomes free. Under load that is the thread that has
just let go of it, so that somebody who waits for one short turn may wait for seconds.
"""

from __future__ import annotations

import threading
from collections import deque
from types import TracebackType


class Turns:
    """Re-entrant, and a context manager: `with turns: …`."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._line: deque[tuple[int, threading.Lock]] = deque()
        self._holder: int | None = None
        self._depth = 0

    @property
    def waiting(self) -> int:
        """How many threads stand in line."""
        return len(self._line)

    def __enter__(self) -> Turns:
        me, gate = threading.get_ident(), None
        with self._guard:
            if self._holder in (None, me):
                self._holder = me
                self._depth += 1
            else:
                gate = threading.Lock()
                gate.acquire()
                self._line.append((me, gate))
        if gate is not None:
            self._stand_in_line(me, gate)
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        with self._guard:
            self._depth -= 1
            if not self._depth:
                self._hand_on()

    def _stand_in_line(self, me: int, gate: threading.Lock) -> None:
        try:
            gate.acquire()
        except BaseException:
            # Interrupted while it waited: whoever comes next must not wait for somebody who has left.
            with self._guard:
                if (me, gate) in self._line:
                    self._line.remove((me, gate))
                else:
                    self._hand_on()
            raise

    def _hand_on(self) -> None:
        self._holder, self._depth = None, 0
        if self._line:
            # Handed on, not let go: between the two nobody else can step in.
            self._holder, gate = self._line.popleft()
            self._depth = 1
            gate.release()
