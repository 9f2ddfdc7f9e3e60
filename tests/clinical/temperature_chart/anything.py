"""Whatever could be measured and marked in two weeks of a stay."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from tests.clinical.temperature_chart.stays import ADMITTED_AT
from wardlink.clinical.temperature_chart.facts import Event, Measurement

_INSTANTS = st.integers(0, 14 * 24 * 60).map(lambda minutes: ADMITTED_AT + timedelta(minutes=minutes))


def _maybe(low: int, high: int, by: float = 1.0) -> st.SearchStrategy[float | None]:
    return st.none() | st.integers(low, high).map(lambda value: value / by)


MEASUREMENTS = st.builds(
    Measurement,
    at=_INSTANTS,
    temp_c=_maybe(250, 450, 10),
    temp_method=st.sampled_from([None, "oral", "axillary", "rectal", "ear", "forehead", "core"]),
    pulse_per_min=_maybe(0, 300),
    hr_per_min=_maybe(0, 350),
    rr_per_min=_maybe(0, 100),
    sbp_mmhg=_maybe(30, 300),
    dbp_mmhg=_maybe(10, 220),
    ventilated=st.booleans(),
    paced=st.booleans(),
    pain_nrs=_maybe(0, 10),
    weight_kg=_maybe(2, 4000, 10),
    stool=st.sampled_from([None, "0", "12", "1 2/E", "4/2E", "※"]),
    not_measured=st.sampled_from([{}, {"temp_c": "refused"}, {"temp_c": "not-rising"}, {"weight_kg": "bedridden"}]),
    standing=st.sampled_from(["must", "routine", "ticked", "record-only"]),
)
EVENTS = st.builds(
    Event,
    at=_INSTANTS,
    kind=st.sampled_from(["transfer-in", "surgery", "delivery", "death", "refused", "out", "leave", "cooling"]),
)
THINGS = st.lists(MEASUREMENTS | EVENTS, max_size=40)
