"""The rules across fields, both ways each. Numbered as in the domain sheet, 1.2."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.clinical.sets import NOW, context
from wardlink.clinical.codes import NotMeasured
from wardlink.clinical.limits import bmi_kg_per_m2, check, derived_map_mmhg, outside_hard_limits
from wardlink.clinical.vitals import VitalSet


def found(readings: dict[str, Any], **changes: Any) -> set[str]:
    """Severity and code of every finding, as `hard pressure-inverted`."""
    return {f"{f.severity} {f.code}" for f in check(VitalSet(**readings), context=context(**changes))}


@pytest.mark.parametrize(
    ("sbp", "dbp", "expected"),
    [
        (90, 91, {"hard {}pressure-inverted"}),
        (90, 90, {"hard {}pressure-inverted"}),
        (90, 89, {"soft {}pulse-pressure-narrow"}),
        (90, 76, {"soft {}pulse-pressure-narrow"}),
        (90, 75, set()),
        (180, 60, set()),
        (181, 60, {"soft {}pulse-pressure-wide"}),
    ],
)
@pytest.mark.parametrize(("line", "code"), [("", ""), ("abp_", "abp-")])
def test_rule_1_pressures(sbp: float, dbp: float, expected: set[str], line: str, code: str) -> None:
    """Equal or inverted is refused; a pulse pressure below 15 or above 120 is asked about; cuff and line alike."""
    readings = {f"{line}sbp_mmhg": sbp, f"{line}dbp_mmhg": dbp}

    assert found(readings) == {text.format(code) for text in expected}
    assert outside_hard_limits(VitalSet(**readings)) == (tuple(readings) if sbp <= dbp else ())


@pytest.mark.parametrize(
    ("readings", "changes", "expected"),
    [
        ({"sbp_mmhg": 90}, {}, {"ask dbp-mmhg-reason-needed"}),
        ({"sbp_mmhg": 90}, {"not_measured": {"dbp_mmhg": "systolic-only"}}, set()),
        ({"dbp_mmhg": 60}, {}, {"ask sbp-mmhg-reason-needed"}),
        ({"sbp_mmhg": 90}, {"source": "monitor"}, set()),
        ({"sbp_mmhg": 90, "dbp_mmhg": 0}, {}, {"hard dbp-mmhg-impossible"}),
    ],
)
def test_rule_2_a_lone_pressure_needs_its_reason(
    readings: dict[str, Any], changes: dict[str, Any], expected: set[str]
) -> None:
    """Only the systolic felt: the diastolic is unknown with a reason, never 0."""
    assert found(readings, **changes) >= expected
    assert bool(found(readings, **changes)) == bool(expected)


@pytest.mark.parametrize(
    ("sbp", "dbp", "expected"), [(120, 80, 93), (122, 78, 93), (100, 50, 67), (90, 60, 70), (120.5, 79.75, 93)]
)
def test_rule_3_derived_mean_pressure(sbp: float, dbp: float, expected: int) -> None:
    """A third of the way up from the diastolic, rounded to a whole number."""
    assert derived_map_mmhg(sbp, dbp) == expected


@pytest.mark.parametrize(
    ("hr", "pulse", "changes", "expected"),
    [
        (72, 72, {}, set()),
        (81, 72, {}, set()),
        (82, 72, {}, {"ask pulse-deficit"}),
        (82, 72, {"pulse_deficit_counted": True}, set()),
        (82, 72, {"source": "monitor"}, set()),
        (71, 72, {}, {"soft heart-rate-below-pulse"}),
    ],
)
def test_rule_4_pulse_deficit(hr: float, pulse: float, changes: dict[str, Any], expected: set[str]) -> None:
    """From 10 beats on two nurses count together; a pulse above the heart rate is doubtful."""
    assert found({"hr_per_min": hr, "pulse_per_min": pulse}, **changes) == expected


def test_rule_5_a_temperature_has_a_site() -> None:
    """A nurse says where it was taken; a monitor's probe is not asked."""
    assert found({"temp_c": 36.8}) == {"ask temp-method-needed"}
    assert found({"temp_c": 36.8, "temp_method": "ear"}) == set()
    assert found({"temp_c": 36.8}, source="monitor") == set()


@pytest.mark.parametrize(
    ("measured_at", "changes", "expected"),
    [
        (NOW + timedelta(minutes=5), {}, set()),
        (NOW + timedelta(minutes=5, microseconds=1), {}, {"hard measured-in-future"}),
        (NOW - timedelta(hours=24), {}, set()),
        (NOW - timedelta(hours=24, microseconds=1), {}, {"ask late-reason-needed"}),
        (NOW - timedelta(days=2), {"late_reason": "downtime"}, set()),
        (NOW - timedelta(days=2), {"late_reason": "  "}, {"ask late-reason-needed"}),
        (NOW - timedelta(days=2), {"source": "monitor"}, set()),
        (NOW - timedelta(hours=1), {"discharged_at": NOW - timedelta(hours=1)}, set()),
        (NOW - timedelta(minutes=59), {"discharged_at": NOW - timedelta(hours=1)}, {"hard measured-after-discharge"}),
    ],
)
def test_rule_7_the_clock(measured_at: datetime, changes: dict[str, Any], expected: set[str]) -> None:
    """Not more than 5 minutes ahead, not after the discharge, and late only with a reason."""
    assert found({"rr_per_min": 16.0}, measured_at=measured_at, **changes) == expected


@pytest.mark.parametrize("field", ["now", "measured_at", "discharged_at"])
def test_an_instant_without_a_zone_is_a_programming_error(field: str) -> None:
    """A naive time would shift a reading by eight hours."""
    with pytest.raises(ValueError, match="time zone"):
        context(**{field: NOW.replace(tzinfo=None)})


@pytest.mark.parametrize(("spo2", "code"), [(70, "soft spo2-pct-unusual"), (69, "soft spo2-pct-unusual"), (85, None)])
def test_rule_8_low_saturation_is_confirmed(spo2: float, code: str | None) -> None:
    """Below 70 % no device promises anything; the nurse confirms once."""
    assert found({"spo2_pct": spo2}) == ({code} if code else set())


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        ({"o2_on": False, "o2_flow_l_per_min": 0.5}, {"hard oxygen-off-with-flow"}),
        ({"o2_on": False, "o2_flow_l_per_min": 0}, set()),
        ({"o2_on": True, "o2_flow_l_per_min": 0.5}, set()),
        ({"o2_flow_l_per_min": 2}, set()),
        ({"o2_on": True, "o2_mode": "air"}, {"soft oxygen-mode-disagrees"}),
        ({"o2_on": False, "o2_mode": "nasal"}, {"soft oxygen-mode-disagrees"}),
        ({"o2_on": True, "o2_mode": "nasal"}, set()),
        ({"o2_on": False, "o2_mode": "air"}, set()),
    ],
)
def test_rule_9_oxygen(readings: dict[str, Any], expected: set[str]) -> None:
    """Off with a flow is refused; a device that contradicts the answer is asked about."""
    assert found(readings) == expected
    assert bool(outside_hard_limits(VitalSet(**readings))) == any(text.startswith("hard") for text in expected)


@pytest.mark.parametrize(
    ("weight_kg", "expected"),
    [(54.0, set()), (53.9, {"soft weight-changed"}), (66.0, set()), (66.1, {"soft weight-changed"})],
)
def test_rule_10_weight(weight_kg: float, expected: set[str]) -> None:
    """More than a tenth from the last weight is asked about; exactly a tenth is not."""
    assert found({"weight_kg": weight_kg}, last=VitalSet(weight_kg=60.0)) == expected
    assert found({"weight_kg": weight_kg}) == set()


@pytest.mark.parametrize(
    ("height_cm", "age_years", "expected"),
    [
        (173.0, 40, set()),
        (173.5, 40, {"soft height-changed"}),
        (166.5, 18, {"soft height-changed"}),
        (166.5, None, {"soft height-changed"}),
        (166.5, 17, set()),
    ],
)
def test_rule_10_height(height_cm: float, age_years: int | None, expected: set[str]) -> None:
    """An adult's height does not change by more than 3 cm; a child's may."""
    assert found({"height_cm": height_cm}, last=VitalSet(height_cm=170.0), age_years=age_years) == expected


@pytest.mark.parametrize(
    ("readings", "last", "expected"),
    [
        ({"weight_kg": 60.0, "height_cm": 170.0}, None, set()),
        ({"weight_kg": 35.8, "height_cm": 160.0}, None, set()),
        ({"weight_kg": 35.5, "height_cm": 160.0}, None, {"soft bmi-unusual"}),
        ({"weight_kg": 115.2, "height_cm": 160.0}, None, set()),
        ({"weight_kg": 115.4, "height_cm": 160.0}, None, {"soft bmi-unusual"}),
        ({"weight_kg": 130.0}, VitalSet(height_cm=160.0), {"soft bmi-unusual"}),
        ({"weight_kg": 130.0}, VitalSet(), set()),
        ({"rr_per_min": 16.0}, VitalSet(weight_kg=130.0, height_cm=160.0), set()),
    ],
)
def test_the_derived_body_mass_index_has_a_usual_range(
    readings: dict[str, Any], last: VitalSet | None, expected: set[str]
) -> None:
    """14 to 45, from this set or with the last height; never from old readings alone."""
    assert found(readings, last=last) == expected


@pytest.mark.parametrize(
    ("weight_kg", "height_cm", "expected"),
    [(60.0, 170.0, "20.8"), (72.25, 170.0, "25.0"), (80.0, 175.5, "26.0"), (3.25, 50.0, "13.0")],
)
def test_body_mass_index(weight_kg: float, height_cm: float, expected: str) -> None:
    """Kilograms by square metres, to one decimal."""
    assert bmi_kg_per_m2(weight_kg, height_cm) == Decimal(expected)


@pytest.mark.parametrize(
    ("field", "reason", "expected"),
    [
        *((name, reason.value, set()) for name in ("rr_per_min", "spo2_pct") for reason in list(NotMeasured)[:5]),
        ("temp_c", "not-rising", set()),
        ("pulse_per_min", "not-rising", {"hard pulse-per-min-reason-unfit"}),
        ("weight_kg", "bedridden", set()),
        ("height_cm", "bedridden", {"hard height-cm-reason-unfit"}),
        ("dbp_mmhg", "systolic-only", set()),
        ("sbp_mmhg", "systolic-only", {"hard sbp-mmhg-reason-unfit"}),
        ("temp_c", "busy", {"hard temp-c-reason-unfit"}),
        ("mood", "refused", {"hard mood-reason-unfit"}),
    ],
)
def test_rule_11_reasons_for_no_reading(field: str, reason: str, expected: set[str]) -> None:
    """Each reason fits every reading, but three that fit one only."""
    assert found({}, not_measured={field: reason}) == expected


def test_a_reading_has_a_value_or_a_reason_but_not_both() -> None:
    """Otherwise nobody could tell whether the line of the chart breaks."""
    assert found({"rr_per_min": 16.0}, not_measured={"rr_per_min": "refused"}) == {"hard rr-per-min-value-and-reason"}


def test_lo_and_hi_are_never_a_number() -> None:
    """Comparator or number, one of them."""
    both = {"glucose_comparator": ">", "glucose_mmol_per_l": 33.3}

    assert "hard glucose-number-with-comparator" in found(both)
    assert outside_hard_limits(VitalSet(**both)) == ("glucose_mmol_per_l", "glucose_comparator")
    assert found({"glucose_comparator": "<"}) == set()
