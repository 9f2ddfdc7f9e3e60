"""Chance that can be asked again: the same seed, name and instant give the same number, in any order. Pure."""

from __future__ import annotations

import hashlib
import math
from datetime import UTC, datetime

_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_SCALE = float(2**64)


def chance(seed: int, *name: object) -> float:
    """A number of [0, 1) that belongs to this seed and name."""
    text = "/".join(map(str, (seed, *name)))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") / _SCALE


def between(low: float, high: float, seed: int, *name: object) -> float:
    """A number of [low, high) that belongs to this seed and name."""
    return low + (high - low) * chance(seed, *name)


def wander(seed: int, name: str, at: datetime, slowest_s: float, *, octaves: int = 4) -> float:
    """Where a random walk of mean 0 stands at `at`, within -1 and 1.

    Several layers of smooth noise, each three times as fast and half as large as the one before: neighbours in
    time are close, hours apart they are independent, and no step before has to be walked.
    """
    seconds = (at - _EPOCH).total_seconds()
    total = weight = 0.0
    for octave in range(octaves):
        period_s, size = slowest_s / 3**octave, 0.5**octave
        step, share = divmod(seconds / period_s, 1.0)
        before = chance(seed, name, octave, int(step)) * 2 - 1
        after = chance(seed, name, octave, int(step) + 1) * 2 - 1
        smooth = (1 - math.cos(math.pi * share)) / 2
        total += size * (before + (after - before) * smooth)
        weight += size
    return total / weight
