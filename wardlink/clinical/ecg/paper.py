"""How a strip lies on ECG paper: millimetres of time and of voltage, and the squares that the eye counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wardlink.clinical.tables import load


@dataclass(frozen=True)
class Paper:
    """Paper speed and gain. A small square is 1 mm, a big one 5 mm."""

    mm_per_s: float = 25.0
    mm_per_mv: float = 10.0

    def mm(self, seconds: float) -> float:
        """How far the paper runs in this time."""
        return seconds * self.mm_per_s

    def seconds(self, mm: float) -> float:
        """How long so much paper takes."""
        return mm / self.mm_per_s

    def height_mm(self, uv: float) -> float:
        """How far the pen moves, upwards, for so many microvolts."""
        return uv / 1000 * self.mm_per_mv

    @property
    def big_ms(self) -> float:
        """Milliseconds of a big square: 200 at the usual speed."""
        return self.seconds(BIG_MM) * 1000

    @property
    def big_mv(self) -> float:
        """Millivolts of a big square: 0.5 at the usual gain."""
        return BIG_MM / self.mm_per_mv

    def next_speed(self) -> Paper:
        """The next paper speed, round the table."""
        return replace(self, mm_per_s=_next(speeds(), self.mm_per_s))

    def next_gain(self) -> Paper:
        """The next gain, round the table."""
        return replace(self, mm_per_mv=_next(gains(), self.mm_per_mv))


SMALL_MM = 1
BIG_MM = 5


def speeds() -> tuple[float, ...]:
    """Paper speeds, mm/s."""
    return tuple(load("ecg_leads")["paper"]["mm_per_s"])


def gains() -> tuple[float, ...]:
    """Gains, mm/mV."""
    return tuple(load("ecg_leads")["paper"]["mm_per_mv"])


def _next(steps: Sequence[float], now: float) -> float:
    return steps[(steps.index(now) + 1) % len(steps)]
