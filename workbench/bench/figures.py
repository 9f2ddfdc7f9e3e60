"""Numbers of a measurement: percentiles, medians over rounds, ratios, and goals. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal


def percentile(values: Sequence[float], q: float) -> float:
    """The smallest value that a share `q` (0 to 1) of `values` does not exceed; NaN without values."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    # Nearest rank; the small number keeps 0.99 * 100 from becoming rank 100.
    rank = -int(-(q * len(ordered) - 1e-9) // 1)
    return ordered[min(max(rank, 1), len(ordered)) - 1]


def middle(values: Iterable[float]) -> float:
    """The median of the rounds: one round that the machine disturbed does not move it. NaN without rounds."""
    found = list(values)
    return median(found) if found else float("nan")


def paired_ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of ours / theirs round by round: both of a round saw the same moment of the machine."""
    return middle(mine / other for mine, other in zip(ours, theirs, strict=True) if other)


@dataclass(frozen=True)
class Goal:
    """What was asked for. `value` is what was seen; NaN counts as missed."""

    name: str
    value: float
    side: Literal["at least", "at most"]
    bound: float

    @property
    def met(self) -> bool:
        """Whether it was reached."""
        return self.value >= self.bound if self.side == "at least" else self.value <= self.bound


def rounded(value: float) -> float:
    """Three or four digits are all that a measurement carries."""
    if value != value or value in (float("inf"), float("-inf")):
        return value
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 2 if abs(value) >= 1 else 4
    return round(value, digits)
