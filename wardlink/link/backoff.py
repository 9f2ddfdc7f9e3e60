"""How long to wait before the next try: longer each time, and never the same for two devices."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Backoff:
    """Exponential with full jitter, so that a ward full of devices does not come back in the same instant.

    The n-th wait is anywhere between `least_s` and the smaller of `most_s` and `least_s * 2**n`.
    """

    least_s: float = 0.1
    most_s: float = 5.0

    def wait_s(self, tries: int, chance: Callable[[], float] = random.random) -> float:
        """Seconds to wait after `tries` failures in a row (0 after the first)."""
        ceiling_s = min(self.most_s, self.least_s * 2.0 ** min(tries + 1, 32))
        return self.least_s + (ceiling_s - self.least_s) * chance()
