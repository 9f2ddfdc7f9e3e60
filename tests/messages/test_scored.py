"""Which score stands for a stay when a nurse's whole set and a monitor's incomplete one follow each other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from wardlink.clinical.vitals import VitalSet
from wardlink.messages.base import Actor
from wardlink.messages.encounters import EncounterView
from wardlink.messages.scored import Scored, scored, to_show
from wardlink.messages.vitals import VitalsRecorded

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
STAY = EncounterView(
    id="00000000-0000-7000-8000-000000000001",
    admission_no="1",
    mrn="1",
    name="王秀英",
    sex="female",
    birth_on=date(1959, 6, 26),
    ward="w3",
    bed="12",
    status="in-progress",
    level="level2",
    diet="regular",
    admitted_at=NOON,
)
# Worked examples of the ward domain sheet 2.4: 1 is low, 2 medium with 6, 3 high with 11.
LOW = VitalSet(rr_per_min=16.0, spo2_pct=98.0, o2_on=False, sbp_mmhg=122.0, pulse_per_min=72.0, acvpu="A", temp_c=36.8)
MEDIUM = VitalSet(
    rr_per_min=22.0, spo2_pct=95.0, o2_on=False, sbp_mmhg=108.0, pulse_per_min=96.0, acvpu="A", temp_c=38.4
)
HIGH = VitalSet(
    rr_per_min=25.0, spo2_pct=91.0, o2_on=False, sbp_mmhg=100.0, pulse_per_min=112.0, acvpu="A", temp_c=38.6
)
SEEN_CALM = VitalSet(rr_per_min=16.0, spo2_pct=98.0, pulse_per_min=72.0)
SEEN_MEDIUM = VitalSet(rr_per_min=24.0, spo2_pct=93.0, pulse_per_min=117.0)  # 2 + 2 + 2
SEEN_HIGH = VitalSet(rr_per_min=28.0, spo2_pct=88.0, pulse_per_min=125.0)  # 3 + 3 + 2


def of(readings: VitalSet, minutes: int = 0) -> Scored:
    """The score of a set that was taken so many minutes after noon."""
    at = NOON + timedelta(minutes=minutes)
    found = VitalsRecorded(
        id=f"00000000-0000-7000-8000-{minutes + 500:012d}",
        encounter=STAY.id,
        measured_at=at,
        entered_at=at,
        device="c1",
        actor=Actor(kind="device", id="c1"),
        source="manual",
        readings=readings,
    )
    return scored(found, STAY)


@pytest.mark.parametrize(
    ("whole", "newest", "minutes", "stands"),
    [
        (LOW, SEEN_CALM, 5, "0"),
        (LOW, SEEN_MEDIUM, 5, "≥6"),
        (LOW, SEEN_MEDIUM, -5, "0"),
        (MEDIUM, SEEN_MEDIUM, 5, "≥6"),
        (MEDIUM, SEEN_HIGH, 5, "≥8"),
        (HIGH, SEEN_MEDIUM, 5, "11"),
        (HIGH, SEEN_CALM, 5, "11"),
        (HIGH, SEEN_HIGH, 5, "≥8"),
    ],
)
def test_a_newer_incomplete_set_stands_first_only_if_it_asks_for_no_less(
    whole: VitalSet, newest: VitalSet, minutes: int, stands: str
) -> None:
    """What a monitor cannot see never makes a patient look better than the nurse has found."""
    shown = to_show(of(whole), of(newest, minutes))

    assert shown is not None
    assert shown.text == stands


def test_with_one_of_them_that_one_stands() -> None:
    """And with none there is no score."""
    one, other = of(LOW), of(SEEN_CALM)

    assert to_show(one, None) is one
    assert to_show(None, other) is other
    assert to_show(None, None) is None
