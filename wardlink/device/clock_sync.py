"""Learns how far this machine's clock is from the server's, from answers that tell the server's time. Pure.

An answer says what time it was at the server somewhere between our question and its arrival. The narrower
that window, the better it is known; a message that was late has a wide one and so little weight.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime
from typing import NamedTuple

KEPT = 8
USABLE_WITHIN_S = 5.0
"""An answer that took longer says too little to set a clock by."""
DRIFT_S_PER_S = 100e-6
"""Quartz clocks stay within 100 ppm: an old answer grows this much less certain every second."""


class _Sample(NamedTuple):
    server_minus_monotonic_s: float
    error_s: float
    taken_s: float


class ClockSync:
    """The offset of the machine's clock, by the most certain of the last answers."""

    def __init__(self) -> None:
        self._samples: deque[_Sample] = deque(maxlen=KEPT)

    def hear(self, server_at: datetime, *, asked_s: float, answered_s: float) -> None:
        """The server's clock showed `server_at` between two instants of our monotonic clock."""
        error_s = (answered_s - asked_s) / 2
        if 0 <= error_s <= USABLE_WITHIN_S:
            middle_s = (asked_s + answered_s) / 2
            self._samples.append(_Sample(server_at.timestamp() - middle_s, error_s, answered_s))

    def offset_s(self, machine_at: datetime, now_s: float) -> float | None:
        """Seconds to add to the machine's clock, which shows `machine_at` at monotonic `now_s`; None if unknown."""
        if not self._samples:
            return None
        best = min(self._samples, key=lambda s: s.error_s + (now_s - s.taken_s) * DRIFT_S_PER_S)
        return best.server_minus_monotonic_s + now_s - machine_at.timestamp()
