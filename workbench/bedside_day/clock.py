"""The ward's time in a run that is quicker than the day it plays."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from wardlink.clock import SystemClock


class MovedClock(SystemClock):
    """The machine's clock, moved ahead alike on both sides: what a device learns of the other's time is left aside."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead_s = 0.0

    def now(self) -> datetime:
        """This instant, moved."""
        return datetime.now(UTC) + timedelta(seconds=self.ahead_s)

    def monotonic_s(self) -> float:
        """Moved as well."""
        return time.monotonic() + self.ahead_s
