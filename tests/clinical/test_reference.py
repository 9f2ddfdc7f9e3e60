"""What is normal, and how a fever is graded."""

from __future__ import annotations

import pytest

from wardlink.clinical.news2 import Spo2Scale
from wardlink.clinical.reference import fever_grade_text, reference_range, spo2_target
from wardlink.i18n import speaking


@pytest.mark.parametrize(
    ("key", "temp_method", "expected"),
    [
        ("temp_c", "oral", (36.3, 37.2)),
        ("temp_c", "axillary", (36.0, 37.0)),
        ("temp_c", "rectal", (36.5, 37.7)),
        ("temp_c", "forehead", None),
        ("temp_c", None, None),
        ("pulse_per_min", None, (60, 100)),
        ("rr_per_min", None, (12, 20)),
        ("sbp_mmhg", None, (90, 139)),
        ("dbp_mmhg", None, (60, 89)),
        ("spo2_pct", None, (95, 100)),
        ("weight_kg", None, None),
    ],
)
def test_reference_ranges(key: str, temp_method: str | None, expected: tuple[float, float] | None) -> None:
    """Those of the domain sheet, 1.3; a temperature has one only for its site."""
    found = reference_range(key, temp_method=temp_method)

    assert (None if found is None else (found.low, found.high)) == expected


def test_oxygen_is_given_for_a_target() -> None:
    """94 to 98 %, and 88 to 92 % on scale 2."""
    assert [(r.low, r.high) for r in map(spo2_target, Spo2Scale)] == [(94, 98), (88, 92)]


@pytest.mark.parametrize(
    ("oral_temp_c", "grade"),
    [
        (37.2, None),
        (37.3, "Low fever"),
        (38.0, "Low fever"),
        (38.1, "Moderate fever"),
        (39.0, "Moderate fever"),
        (39.1, "High fever"),
        (41.0, "High fever"),
        (41.1, "Hyperpyrexia"),
    ],
)
def test_fever_grades(oral_temp_c: float, grade: str | None) -> None:
    """Each bound and a step to either side, on the oral scale."""
    with speaking("en"):
        assert fever_grade_text(oral_temp_c) == grade
