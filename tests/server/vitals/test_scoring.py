"""The score of a set as it comes in: for the right patient, by the right scale, and never a guess."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from server.census import Resident
from server.vitals.scoring import summary
from tests.server.wards import NOW, STAY_1, vitals
from wardlink.messages.vitals import News2Summary, RecordVitals

FULL = {
    "rr_per_min": 16,
    "spo2_pct": 97,
    "o2_on": False,
    "sbp_mmhg": 120,
    "dbp_mmhg": 80,
    "temp_c": 36.8,
    "acvpu": "A",
}
MONITOR = RecordVitals.model_validate(
    {"readings": {"hr_per_min": 72.0, "rr_per_min": 26.0, "spo2_pct": 97.0, "abp_sbp_mmhg": 120.0}, "source": "monitor"}
)


def resident(**fields: Any) -> Resident:
    """A patient of 76 years, scored by scale 1."""
    known = {
        "encounter": STAY_1,
        "ward": "w1",
        "bed": "b1",
        "active": True,
        "admitted_at": NOW,
        "discharged_at": None,
        "birth_on": date(1950, 1, 1),
        "pregnant": False,
        "spo2_scale": 1,
        "places": (),
    }
    return Resident(**known | fields)


def test_a_whole_set_has_a_total() -> None:
    """With its band."""
    assert summary(vitals(72, **FULL), resident(), NOW) == News2Summary(total=0, band="low")


def test_a_monitors_set_has_no_total_but_what_is_certain() -> None:
    """It cannot see whether somebody is awake, and nobody said whether there is oxygen."""
    assert summary(MONITOR, resident(), NOW) == News2Summary(
        partial=3, band="low-medium", red=True, missing=("o2_on", "acvpu", "temp_c")
    )


def test_the_scale_is_the_one_of_the_patient() -> None:
    """97 % on oxygen is too much on scale 2."""
    body = vitals(72, **FULL | {"o2_on": True})

    assert [(summary(body, resident(spo2_scale=scale), NOW) or News2Summary()).total for scale in (1, 2)] == [2, 5]


# Whose set it is, and whether a score may be shown.
WHOSE = [
    (resident(birth_on=date(2010, 11, 25)), True),
    (resident(birth_on=date(2010, 11, 26)), False),
    (resident(pregnant=True), False),
    (resident(birth_on=date(2030, 1, 1)), False),
    (None, False),
]


@pytest.mark.parametrize(("whose", "scored"), WHOSE)
def test_no_score_where_none_may_be_shown(whose: Resident | None, scored: bool) -> None:
    """Nobody's, under 16 on that day in the ward, or pregnant."""
    assert (summary(vitals(72, **FULL), whose, NOW) is not None) is scored


@pytest.mark.parametrize("at", [datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 12, 29, tzinfo=UTC)])
def test_a_clock_from_the_end_of_the_calendar_breaks_nothing(at: datetime) -> None:
    """The set is scored or not, but it is kept."""
    summary(vitals(72, **FULL), resident(), at)
