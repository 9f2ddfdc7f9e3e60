"""Sets of readings that the tests of the rules share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from wardlink.clinical.codes import Acvpu
from wardlink.clinical.findings import CheckContext
from wardlink.clinical.items import ITEMS
from wardlink.clinical.vitals import VitalSet

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

NORMAL: dict[str, Any] = {
    "rr_per_min": 16.0,
    "spo2_pct": 98.0,
    "o2_on": False,
    "sbp_mmhg": 122.0,
    "pulse_per_min": 72.0,
    "acvpu": "A",
    "temp_c": 36.8,
}
"""A whole NEWS2 set that scores 0 on either scale."""


def context(**changes: Any) -> CheckContext:
    """A nurse's entry of this moment, changed as the test needs."""
    return CheckContext(**({"source": "manual", "now": NOW, "measured_at": NOW} | changes))


def normal(**changes: Any) -> VitalSet:
    """The normal set with some readings changed; None takes one away."""
    return VitalSet(**(NORMAL | changes))


SCORED = {
    "rr_per_min": st.floats(0, 100),
    "spo2_pct": st.floats(30, 100),
    "o2_on": st.booleans(),
    "sbp_mmhg": st.floats(30, 300),
    "pulse_per_min": st.floats(0, 300),
    "acvpu": st.sampled_from([code.value for code in Acvpu]),
    "temp_c": st.floats(25, 45),
}
"""Any possible reading of each of the seven parameters."""


def _any_value(key: str) -> st.SearchStrategy[Any]:
    item = ITEMS[key]
    if item.kind == "flag":
        return st.booleans()
    if item.kind in ("code", "text"):
        known = [code.value for code in item.codes or ()] or ["0", "2", "1/E"]
        return st.sampled_from([*known, "", "a", "X"])
    if item.kind == "integer":
        return st.integers(-2, 12)
    return st.floats(-10, 500) | st.floats(allow_nan=False, allow_infinity=False)


any_sets = st.fixed_dictionaries({}, optional={key: st.none() | _any_value(key) for key in ITEMS}).map(
    lambda readings: VitalSet(**readings)
)
"""Any set at all: possible, impossible, nonsense."""
