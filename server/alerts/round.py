"""A list that is gone through by and by, and begun anew after a while."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from wardlink.clock import Clock


class Round:
    """Asks for its list when the last one is done and `every_s` have passed since it was begun. One thread calls."""

    def __init__(self, clock: Clock, ask: Callable[[], Iterable[tuple[str, str]]], *, every_s: float) -> None:
        self._clock = clock
        self._ask = ask
        self._every_s = every_s
        self._left: deque[tuple[str, str]] = deque()
        self._begun_s = float("-inf")

    @property
    def is_busy(self) -> bool:
        """Whether something of the list is left."""
        return bool(self._left)

    def begin_if_due(self) -> None:
        """Ask for the list, if it is time."""
        now_s = self._clock.monotonic_s()
        if not self._left and now_s - self._begun_s >= self._every_s:
            self._begun_s = now_s
            self._left.extend(self._ask())

    def take(self) -> tuple[str, str]:
        """The next of the list. There must be one."""
        return self._left.popleft()
