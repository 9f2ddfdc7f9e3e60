"""MEWS against the table that Chinese wards use, its bounds and the worked examples."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.clinical.sets import any_sets, normal
from wardlink.clinical.mews import is_shown, mews
from wardlink.clinical.vitals import VitalSet

EXAMPLES = """120,72,12,36.8,A,0
95,110,20,38.2,A,3
85,130,28,39.5,V,9
70,150,35,40.2,P,13
200,50,8,34.9,U,10
118,88,18,37.2,A,1"""


def total(v: VitalSet) -> int | None:
    """The score of an adult."""
    found = mews(v, age_years=60, pregnant=False)
    return found.total if found else None


@pytest.mark.parametrize("line", EXAMPLES.splitlines())
def test_the_worked_examples(line: str) -> None:
    """Of the ward domain sheet, appendix A."""
    sbp, hr, rr, temp, avpu, expected = line.split(",")
    v = VitalSet(sbp_mmhg=float(sbp), hr_per_min=float(hr), rr_per_min=float(rr), temp_c=float(temp), acvpu=avpu)

    assert total(v) == int(expected)


BOUNDS = [
    ("hr_per_min", [(40, 2), (41, 1), (50, 1), (51, 0), (100, 0), (101, 1), (110, 1), (111, 2), (129, 2), (130, 3)]),
    ("sbp_mmhg", [(70, 3), (71, 2), (80, 2), (81, 1), (100, 1), (101, 0), (199, 0), (200, 2)]),
    ("rr_per_min", [(8, 2), (9, 0), (14, 0), (15, 1), (20, 1), (21, 2), (29, 2), (30, 3)]),
    ("temp_c", [(34.9, 2), (34.94, 2), (35.0, 0), (38.4, 0), (38.5, 2)]),
]


@pytest.mark.parametrize(("key", "value", "points"), [(k, v, p) for k, rows in BOUNDS for v, p in rows])
def test_each_bound(key: str, value: float, points: int) -> None:
    """And one step to either side."""
    found = mews(VitalSet(**{key: float(value)}), age_years=60, pregnant=False)  # type: ignore[arg-type]

    assert found is not None
    assert found.points == {key: points}


@pytest.mark.parametrize(("code", "points"), [("A", 0), ("C", 1), ("V", 1), ("P", 2), ("U", 3)])
def test_consciousness(code: str, points: int) -> None:
    """New confusion is never taken for alert."""
    found = mews(VitalSet(acvpu=code), age_years=60, pregnant=False)

    assert found is not None
    assert found.points == {"acvpu": points}


@given(any_sets)
def test_it_never_exceeds_fourteen(v: VitalSet) -> None:
    """Sheets that print fifteen are wrong; and what is missing is named, never guessed."""
    found = mews(v, age_years=60, pregnant=False)

    assert found is not None
    assert 0 <= found.total <= 14
    assert len(found.points) + len(found.missing) == 5
    assert found.is_whole or found.step is None or found.step.code != "routine"


@pytest.mark.parametrize(("age_years", "pregnant"), [(15, False), (30, True)])
def test_not_for_children_nor_in_pregnancy(age_years: int, pregnant: bool) -> None:
    """They have charts of their own."""
    assert mews(normal(), age_years=age_years, pregnant=pregnant) is None


LADDER = [
    ((85, 105, 16), 3, "routine"),
    ((85, 115, 16), 4, "closer"),
    ((75, 115, 16), 5, "closer"),
    ((75, 135, 16), 6, "doctor"),
    ((65, 120, 30), 8, "doctor"),
    ((65, 135, 30), 9, "rescue"),
]


@pytest.mark.parametrize(("values", "points", "code"), LADDER)
def test_what_a_total_asks_for(values: tuple[float, float, float], points: int, code: str) -> None:
    """Each step of the ladder, at its bound."""
    sbp, hr, rr = values
    v = VitalSet(sbp_mmhg=sbp, hr_per_min=hr, rr_per_min=rr, temp_c=37.0, acvpu="A")
    found = mews(v, age_years=60, pregnant=False)

    assert found is not None
    assert found.step is not None
    assert (found.total, found.step.code) == (points, code)


def test_it_is_an_option() -> None:
    """NEWS2 stays the main score."""
    assert not is_shown()
