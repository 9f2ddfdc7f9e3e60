"""Who is not offered exercises today, and which movement is left out: at every limit, on both of its sides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wardlink.clinical.wellness import State, movements, refusal

WELL = State(
    age_years=50,
    level="level2",
    values={"temp_c": 36.6, "pulse_per_min": 72, "sbp_mmhg": 120, "dbp_mmhg": 78, "spo2_pct": 97},
    news2=0,
)


def test_a_patient_who_is_well_is_offered_all_eight() -> None:
    """Nothing known speaks against it."""
    assert refusal(WELL) is None
    assert [movement.left_out(WELL) for movement in movements()] == [None] * 8


@pytest.mark.parametrize(
    ("key", "value", "is_refused"),
    [
        ("temp_c", 37.9, False),
        ("temp_c", 38.0, True),
        ("pulse_per_min", 49, True),
        ("pulse_per_min", 50, False),
        ("pulse_per_min", 110, False),
        ("pulse_per_min", 111, True),
        ("sbp_mmhg", 89, True),
        ("sbp_mmhg", 90, False),
        ("sbp_mmhg", 159, False),
        ("sbp_mmhg", 160, True),
        ("dbp_mmhg", 99, False),
        ("dbp_mmhg", 100, True),
        ("spo2_pct", 91, True),
        ("spo2_pct", 92, False),
        ("glucose_mmol_per_l", 4.9, True),
        ("glucose_mmol_per_l", 5.0, False),
        ("glucose_mmol_per_l", 16.7, False),
        ("glucose_mmol_per_l", 16.8, True),
    ],
)
def test_a_reading_refuses_from_its_limit_on(key: str, value: float, is_refused: bool) -> None:
    """Ward domain sheet 9.1, Blocks."""
    assert (refusal(replace(WELL, values={**WELL.values, key: value})) is not None) is is_refused


@pytest.mark.parametrize(("value", "is_refused"), [(87, True), (88, False), (91, False)])
def test_the_second_scale_has_its_own_limit(value: float, is_refused: bool) -> None:
    """For patients whose saturation is kept lower."""
    found = replace(WELL, spo2_scale=2, values={**WELL.values, "spo2_pct": value})
    assert (refusal(found) is not None) is is_refused


@pytest.mark.parametrize(
    ("changed", "is_refused"),
    [
        ({"news2": 2}, False),
        ({"news2": 3}, True),
        ({"is_red": True}, True),
        ({"ate": True}, True),
        ({"news2": None}, False),
        ({"level": "special"}, True),
        ({"level": "level1"}, False),
    ],
)
def test_scores_and_care_refuse(changed: dict[str, object], is_refused: bool) -> None:
    """A raised or red score, special care."""
    assert (refusal(replace(WELL, **changed)) is not None) is is_refused  # type: ignore[arg-type]


@pytest.mark.parametrize("key", ["pulse_per_min", "sbp_mmhg", "spo2_pct"])
def test_what_was_not_measured_is_not_taken_for_good(key: str) -> None:
    """Nobody knows whether it is safe; without a temperature one may still begin."""
    known = {name: value for name, value in WELL.values.items() if name != key}
    assert refusal(replace(WELL, values=known)) is not None
    assert refusal(replace(WELL, values={k: v for k, v in WELL.values.items() if k != "temp_c"})) is None


@pytest.mark.parametrize(
    ("changed", "left_out"),
    [
        ({"age_years": 64}, []),
        ({"age_years": 65}, ["sway"]),
        ({"age_years": None}, []),
        ({"values": {**WELL.values, "sbp_mmhg": 139}}, []),
        ({"values": {**WELL.values, "sbp_mmhg": 140}}, ["reach-down"]),
        ({"values": {**WELL.values, "dbp_mmhg": 90}}, ["reach-down"]),
    ],
)
def test_a_movement_is_left_out(changed: dict[str, object], left_out: list[str]) -> None:
    """The fifth by age, the sixth by blood pressure."""
    state = replace(WELL, **changed)  # type: ignore[arg-type]
    assert [movement.code for movement in movements() if movement.left_out(state)] == left_out
