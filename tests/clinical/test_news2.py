"""NEWS2 against the published chart: every example, every bound and a step to either side."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.clinical.sets import NORMAL, NOW, normal
from wardlink.clinical.news2 import Band, News2, NotApplicable, Parameter, PartialNews2, Spo2Scale, assess, score
from wardlink.clinical.vitals import VitalSet
from wardlink.errors import IncompleteVitals
from wardlink.i18n import speaking

ONE, TWO = Spo2Scale.ONE, Spo2Scale.TWO

# rr, spo2, oxygen, sbp, pulse, acvpu, temp, scale, parts in chart order, total, red, band. Domain sheet, 2.4 and
# appendix A; the parts were computed by hand there.
EXAMPLES = [
    (16, 98, 0, 122, 72, "A", 36.8, 1, (0, 0, 0, 0, 0, 0, 0), 0, False, "low"),
    (22, 95, 0, 108, 96, "A", 38.4, 1, (2, 1, 0, 1, 1, 0, 1), 6, False, "medium"),
    (25, 91, 0, 100, 112, "A", 38.6, 1, (3, 3, 0, 2, 2, 0, 1), 11, True, "high"),
    (18, 97, 0, 88, 84, "A", 36.5, 1, (0, 0, 0, 3, 0, 0, 0), 3, True, "low-medium"),
    (18, 97, 0, 124, 84, "C", 36.9, 1, (0, 0, 0, 0, 0, 3, 0), 3, True, "low-medium"),
    (20, 90, 1, 130, 88, "A", 37.0, 2, (0, 0, 2, 0, 0, 0, 0), 2, False, "low"),
    (20, 90, 1, 130, 88, "A", 37.0, 1, (0, 3, 2, 0, 0, 0, 0), 5, True, "medium"),
    (20, 97, 1, 130, 88, "A", 37.0, 2, (0, 3, 2, 0, 0, 0, 0), 5, True, "medium"),
    (20, 97, 0, 130, 88, "A", 37.0, 2, (0, 0, 0, 0, 0, 0, 0), 0, False, "low"),
    (12, 96, 0, 220, 131, "A", 39.1, 1, (0, 0, 0, 3, 3, 0, 2), 8, True, "high"),
    (11, 94, 1, 110, 50, "A", 36.0, 1, (1, 1, 2, 1, 1, 0, 1), 7, False, "high"),
    (30, 80, 1, 70, 140, "U", 34.5, 1, (3, 3, 2, 3, 3, 3, 3), 20, True, "high"),
    (20, 86, 1, 130, 88, "A", 37.0, 2, (0, 1, 2, 0, 0, 0, 0), 3, False, "low"),
    (20, 93, 1, 130, 88, "A", 37.0, 2, (0, 1, 2, 0, 0, 0, 0), 3, False, "low"),
    (21, 96, 0, 111, 91, "A", 38.1, 1, (2, 0, 0, 0, 1, 0, 1), 4, False, "low"),
    (8, 96, 0, 111, 90, "A", 36.1, 1, (3, 0, 0, 0, 0, 0, 0), 3, True, "low-medium"),
    (9, 92, 0, 101, 51, "A", 35.1, 1, (1, 2, 0, 1, 0, 0, 1), 5, False, "medium"),
    (24, 93, 1, 91, 130, "V", 39.0, 1, (2, 2, 2, 2, 2, 3, 1), 14, True, "high"),
    (20, 83, 0, 219, 41, "A", 38.0, 2, (0, 3, 0, 0, 1, 0, 0), 4, True, "low-medium"),
    (16, 96, 1, 120, 80, "A", 37.0, 1, (0, 0, 2, 0, 0, 0, 0), 2, False, "low"),
]


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: f"{row[:8]}")
def test_every_worked_example_scores_as_published(row: tuple) -> None:
    """Parts, total, red score and band are those of the domain sheet."""
    rr, spo2, o2, sbp, pulse, acvpu, temp, scale, parts, total, red, band = row
    v = VitalSet(
        rr_per_min=rr,
        spo2_pct=spo2,
        o2_on=bool(o2),
        sbp_mmhg=sbp,
        pulse_per_min=pulse,
        acvpu=acvpu,
        temp_c=temp,
    )

    scored = score(v, scale=Spo2Scale(scale))

    assert tuple(part.points for part in scored.parts) == parts
    assert (scored.total, scored.red, scored.band) == (total, red, band)


def points(parameter: Parameter, scale: Spo2Scale = ONE, **changes: object) -> int | None:
    """The points of one parameter when the rest of the set is normal."""
    scored = score(normal(**changes), scale=scale)
    return next(part.points for part in scored.parts if part.parameter is parameter)


@pytest.mark.parametrize(
    ("parameter", "field", "bounds"),
    [
        (
            Parameter.RESPIRATION,
            "rr_per_min",
            {0: 3, 7: 3, 8: 3, 9: 1, 10: 1, 11: 1, 12: 0, 13: 0, 19: 0, 20: 0, 21: 2, 24: 2, 25: 3, 26: 3, 100: 3},
        ),
        (
            Parameter.SYSTOLIC,
            "sbp_mmhg",
            {30: 3, 89: 3, 90: 3, 91: 2, 99: 2, 100: 2, 101: 1, 110: 1, 111: 0, 218: 0, 219: 0, 220: 3, 300: 3},
        ),
        (
            Parameter.PULSE,
            "pulse_per_min",
            {0: 3, 40: 3, 41: 1, 50: 1, 51: 0, 90: 0, 91: 1, 110: 1, 111: 2, 130: 2, 131: 3, 300: 3},
        ),
        (
            Parameter.TEMPERATURE,
            "temp_c",
            {25.0: 3, 34.9: 3, 35.0: 3, 35.1: 1, 36.0: 1, 36.1: 0, 38.0: 0, 38.1: 1, 39.0: 1, 39.1: 2, 45.0: 2},
        ),
        (
            Parameter.SATURATION,
            "spo2_pct",
            {30: 3, 90: 3, 91: 3, 92: 2, 93: 2, 94: 1, 95: 1, 96: 0, 97: 0, 100: 0},
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, Parameter) else None,
)
def test_each_bound_and_a_step_to_either_side(parameter: Parameter, field: str, bounds: dict[float, int]) -> None:
    """The chart has no gap and no overlap at any bound."""
    assert {value: points(parameter, **{field: value}) for value in bounds} == bounds


@pytest.mark.parametrize(
    ("o2_on", "bounds"),
    [
        (False, {82: 3, 83: 3, 84: 2, 85: 2, 86: 1, 87: 1, 88: 0, 92: 0, 93: 0, 94: 0, 95: 0, 96: 0, 97: 0, 100: 0}),
        (True, {82: 3, 83: 3, 84: 2, 85: 2, 86: 1, 87: 1, 88: 0, 92: 0, 93: 1, 94: 1, 95: 2, 96: 2, 97: 3, 100: 3}),
    ],
)
def test_scale_2_punishes_high_saturation_on_oxygen_only(o2_on: bool, bounds: dict[int, int]) -> None:
    """On air 93 % and more score 0; on oxygen they mean too much of it."""
    scored = {value: points(Parameter.SATURATION, TWO, spo2_pct=value, o2_on=o2_on) for value in bounds}

    assert scored == bounds


@pytest.mark.parametrize(("code", "expected"), [("A", 0), ("C", 3), ("V", 3), ("P", 3), ("U", 3)])
def test_anything_but_alert_is_red(code: str, expected: int) -> None:
    """New confusion scores 3 even if all else is normal."""
    assert points(Parameter.CONSCIOUSNESS, acvpu=code) == expected


@pytest.mark.parametrize(("o2_on", "expected"), [(False, 0), (True, 2)])
def test_oxygen_scores_2_and_is_never_red(o2_on: bool, expected: int) -> None:
    """Oxygen alone asks for no hourly watch."""
    scored = score(normal(o2_on=o2_on), scale=ONE)

    assert (scored.total, scored.red, scored.band) == (expected, False, Band.LOW)


@pytest.mark.parametrize(
    ("field", "parameter", "value", "expected"),
    [
        ("temp_c", Parameter.TEMPERATURE, 38.04, 0),
        ("temp_c", Parameter.TEMPERATURE, 38.05, 1),
        ("temp_c", Parameter.TEMPERATURE, 38.15 - 0.1, 1),
        ("temp_c", Parameter.TEMPERATURE, 35.04, 3),
        ("temp_c", Parameter.TEMPERATURE, 35.05, 1),
        ("temp_c", Parameter.TEMPERATURE, 0.1 + 0.2 + 37.7, 0),
        ("temp_c", Parameter.TEMPERATURE, 39.05, 2),
        ("spo2_pct", Parameter.SATURATION, 95.4, 1),
        ("spo2_pct", Parameter.SATURATION, 95.5, 0),
        ("spo2_pct", Parameter.SATURATION, 91.49, 3),
        ("spo2_pct", Parameter.SATURATION, 91.5, 2),
        ("rr_per_min", Parameter.RESPIRATION, 24.5, 3),
        ("pulse_per_min", Parameter.PULSE, 40.4, 3),
        ("sbp_mmhg", Parameter.SYSTOLIC, 110.5, 0),
    ],
)
def test_decimals_are_rounded_half_up_before_scoring(
    field: str, parameter: Parameter, value: float, expected: int
) -> None:
    """A monitor's decimals score as the number on its display, and float noise moves nobody a band."""
    assert points(parameter, **{field: value}) == expected


@pytest.mark.parametrize(
    ("changes", "band", "due", "overdue"),
    [
        ({}, "low", timedelta(hours=12), timedelta(hours=13)),
        ({"rr_per_min": 11}, "low", timedelta(hours=4), timedelta(hours=6)),
        ({"rr_per_min": 21, "pulse_per_min": 111}, "low", timedelta(hours=4), timedelta(hours=6)),
        ({"rr_per_min": 25}, "low-medium", timedelta(hours=1), timedelta(minutes=75)),
        ({"rr_per_min": 25, "temp_c": 36.0}, "low-medium", timedelta(hours=1), timedelta(minutes=75)),
        ({"rr_per_min": 25, "temp_c": 39.1}, "medium", timedelta(hours=1), timedelta(minutes=75)),
        (
            {"rr_per_min": 21, "pulse_per_min": 111, "temp_c": 39.1},
            "medium",
            timedelta(hours=1),
            timedelta(minutes=75),
        ),
        (
            {"rr_per_min": 25, "pulse_per_min": 131, "temp_c": 36.0},
            "high",
            timedelta(minutes=15),
            timedelta(minutes=30),
        ),
    ],
)
def test_band_and_next_set_follow_the_response_chart(
    changes: dict[str, float], band: str, due: timedelta, overdue: timedelta
) -> None:
    """High at 7, medium at 5, hourly for a single 3, else by the total."""
    scored = score(normal(**changes), scale=ONE)

    assert scored.band == band
    assert (scored.next_due_at(NOW), scored.overdue_at(NOW)) == (NOW + due, NOW + overdue)


@pytest.mark.parametrize("missing", list(NORMAL))
def test_without_one_reading_there_is_no_score(missing: str) -> None:
    """The error names the missing reading in the language of whoever reads it."""
    with pytest.raises(IncompleteVitals) as caught:
        score(normal(**{missing: None}), scale=ONE)

    assert tuple(caught.value.params["missing"]) == (missing,)  # type: ignore[call-overload]
    with speaking("zh_CN"):
        assert caught.value.text().startswith("无法评分：")


def test_an_unknown_consciousness_code_is_no_reading() -> None:
    """A code outside ACVPU is never scored as alert."""
    assessed = assess(normal(acvpu="X"), scale=ONE, age_years=60, pregnant=False)

    assert isinstance(assessed, PartialNews2)
    assert assessed.missing == ("acvpu",)


@pytest.mark.parametrize(
    ("changes", "partial", "band"),
    [
        ({}, 0, None),
        ({"rr_per_min": 21, "pulse_per_min": 111}, 4, None),
        ({"rr_per_min": 21, "pulse_per_min": 111, "sbp_mmhg": 110}, 5, "medium"),
        ({"rr_per_min": 25}, 3, "low-medium"),
        ({"rr_per_min": 25, "pulse_per_min": 131, "sbp_mmhg": 110}, 7, "high"),
    ],
)
def test_an_incomplete_set_fires_at_five_or_red(changes: dict[str, float], partial: int, band: str | None) -> None:
    """There is no total without the temperature, but what is known still calls."""
    assessed = assess(normal(temp_c=None, **changes), scale=ONE, age_years=60, pregnant=False)

    assert isinstance(assessed, PartialNews2)
    assert (assessed.partial, assessed.band_at_least, assessed.fires) == (partial, band, band is not None)
    assert assessed.missing == ("temp_c",)


@pytest.mark.parametrize(
    ("spo2_pct", "expected"), [(83, 3), (85, 2), (87, 1), (88, 0), (92, 0), (93, None), (97, None), (100, None)]
)
def test_scale_2_waits_for_the_oxygen_answer_only_where_it_matters(spo2_pct: float, expected: int | None) -> None:
    """Without knowing the oxygen, 93 % and more are neither good nor bad; the oxygen alone is missing."""
    assessed = assess(normal(spo2_pct=spo2_pct, o2_on=None), scale=TWO, age_years=60, pregnant=False)

    assert isinstance(assessed, PartialNews2)
    assert assessed.parts[1].points == expected
    assert assessed.missing == ("o2_on",)


def test_stand_ins_are_scored_and_said() -> None:
    """Heart rate for pulse and arterial line for cuff, only where the first choice is missing."""
    both = score(normal(hr_per_min=140, abp_sbp_mmhg=70), scale=ONE)
    stand_ins = score(normal(pulse_per_min=None, sbp_mmhg=None, hr_per_min=140, abp_sbp_mmhg=70), scale=ONE)

    assert both.total == 0
    assert [part.source_field for part in both.parts if part.is_stand_in] == []
    assert stand_ins.total == 6
    assert [part.source_field for part in stand_ins.parts if part.is_stand_in] == ["abp_sbp_mmhg", "hr_per_min"]


@pytest.mark.parametrize(
    ("age_years", "pregnant", "reason"),
    [(15, False, "under-16"), (0, False, "under-16"), (16, True, "pregnant"), (30, True, "pregnant")],
)
def test_children_and_pregnant_patients_get_no_number(age_years: int, pregnant: bool, reason: str) -> None:
    """NEWS2 must not be used there, whatever the readings."""
    assert assess(normal(), scale=ONE, age_years=age_years, pregnant=pregnant) == NotApplicable(reason)


def test_sixteen_is_old_enough() -> None:
    """The first birthday with a score is the sixteenth."""
    assert isinstance(assess(normal(), scale=ONE, age_years=16, pregnant=False), News2)
