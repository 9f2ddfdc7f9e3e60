"""Small strips for tests."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import UTC, datetime

from wardlink.clinical.ecg.strip import Strip

AT = datetime(2026, 11, 23, 2, 40, tzinfo=UTC)


def strip(*, rate_hz: float = 500.0, uv_per_unit: float = 2.5, **leads: Sequence[int]) -> Strip:
    """A strip of these leads."""
    return Strip(AT, rate_hz, uv_per_unit, {name: array("h", values) for name, values in leads.items()})


def beating(*, rate_hz: float = 100.0, seconds: float = 10.0) -> list[int]:
    """A lead that is not silent: up and down, without a beat in it."""
    return [n % 3 for n in range(round(seconds * rate_hz))]
