"""What two cursors on a strip measure between them."""

from __future__ import annotations

from dataclasses import dataclass

from wardlink.clinical.ecg.strip import Strip


@dataclass(frozen=True)
class Measured:
    """From one cursor to the other.

    `ms` is never negative. `per_min`: the rate, if the two stand on one beat and the next; None where they stand on
    the same sample. `mv`: how much higher the later one is; None where either stands in a gap.
    """

    ms: float
    per_min: float | None
    mv: float | None


def measure(strip: Strip, lead: str, one: int, other: int) -> Measured:
    """Between two samples of a lead, whichever comes first."""
    first, last = sorted((one, other))
    ms = (last - first) / strip.rate_hz * 1000
    low, high = strip.uv(lead, first), strip.uv(lead, last)
    return Measured(
        ms=ms,
        per_min=60_000 / ms if ms else None,
        mv=None if low is None or high is None else (high - low) / 1000,
    )
