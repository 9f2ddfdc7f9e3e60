"""Time as an argument. Instants are aware and in UTC; the ward's wall shows Asia/Shanghai."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

WARD_ZONE = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """What tells the time. Rules take the instant itself; only edges hold a clock."""

    def now(self) -> datetime:
        """This instant, aware, in UTC."""

    def monotonic_s(self) -> float:
        """Seconds that never run backwards: for waiting and for ages inside one process."""


class SystemClock:
    """The clock of this machine, with an offset that a device has learnt from its server.

    `offset_s` is added to the machine's own time; a cart whose clock is a day off still writes
    the ward's time once it has spoken to the server, and keeps the offset over a restart.
    """

    def __init__(self, offset_s: float = 0.0) -> None:
        self.offset_s = offset_s

    def now(self) -> datetime:
        """This instant, corrected by the offset."""
        return datetime.now(UTC) + timedelta(seconds=self.offset_s)

    def monotonic_s(self) -> float:
        """Seconds that never run backwards."""
        return time.monotonic()


class FixedClock:
    """A clock that stands still until it is told to move: for tests, pictures and replays."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        self._at = at.astimezone(UTC)
        self._monotonic_s = 0.0

    def now(self) -> datetime:
        """The instant it was set to."""
        return self._at

    def monotonic_s(self) -> float:
        """Seconds it was moved by, in all."""
        return self._monotonic_s

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self._at += timedelta(seconds=seconds)
        self._monotonic_s += seconds


def ward_time(at: datetime) -> datetime:
    """`at` as the clock on the ward's wall shows it."""
    return at.astimezone(WARD_ZONE)


def ward_date(at: datetime) -> date:
    """The calendar day in the ward at that instant."""
    return ward_time(at).date()


def to_micros(at: datetime) -> int:
    """Microseconds since 1970 in UTC: how instants lie in a database.

    Raises:
        ValueError: `at` has no time zone.
    """
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    delta = at - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def from_micros(micros: int) -> datetime:
    """The instant that `to_micros` wrote."""
    return _EPOCH + timedelta(microseconds=micros)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
