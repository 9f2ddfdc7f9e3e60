"""Every limit of every reading, at its bound and a step to either side. The numbers are the domain sheet's, 1.1."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from tests.clinical.sets import NOW, any_sets, context
from wardlink.clinical.codes import CODES_OF
from wardlink.clinical.items import ITEMS
from wardlink.clinical.limits import Severity, check, outside_hard_limits
from wardlink.clinical.vitals import VitalSet

# Reading: step, hard low, soft low, soft high, hard high.
LIMITS = {
    "temp_c": (0.1, 25.0, 35.0, 40.9, 45.0),
    "pulse_per_min": (1, 0, 45, 150, 300),
    "hr_per_min": (1, 0, 45, 150, 350),
    "rr_per_min": (1, 0, 8, 40, 100),
    "sbp_mmhg": (1, 30, 80, 200, 300),
    "dbp_mmhg": (1, 10, 40, 120, 220),
    "map_mmhg": (1, 15, 55, 130, 260),
    "abp_sbp_mmhg": (1, 30, 80, 200, 300),
    "abp_dbp_mmhg": (1, 10, 40, 120, 220),
    "abp_map_mmhg": (1, 15, 55, 130, 260),
    "spo2_pct": (1, 30, 85, 100, 100),
    "o2_flow_l_per_min": (0.5, 0, 0, 15, 80),
    "fio2_pct": (1, 21, 21, 60, 100),
    "gcs_eye": (1, 1, None, None, 4),
    "gcs_motor": (1, 1, None, None, 6),
    "pain_nrs": (1, 0, None, None, 10),
    "glucose_mmol_per_l": (0.1, 0.5, 3.0, 22.0, 50.0),
    "weight_kg": (0.1, 0.2, 30, 150, 400),
    "height_cm": (0.5, 20, 130, 200, 250),
    "intake_24h_ml": (1, 0, 500, 6000, 30000),
    "urine_24h_ml": (1, 0, 400, 4000, 20000),
    "output_24h_ml": (1, 0, 400, 6000, 30000),
}


def severity(key: str, value: float) -> Severity | None:
    """What the reading's own limits say about a value; None where nothing is said."""
    kebab = key.replace("_", "-")
    codes = {f"{kebab}-impossible": Severity.HARD, f"{kebab}-unusual": Severity.SOFT}
    found = [f for f in check(VitalSet(**{key: value}), context=context()) if f.code in codes]
    assert [f.severity for f in found] == [codes[f.code] for f in found]
    assert len(found) <= 1
    return found[0].severity if found else None


def expected_severity(value: float, limits: tuple[float, ...]) -> Severity | None:
    """The same from the table above."""
    _, hard_low, soft_low, soft_high, hard_high = limits
    if not hard_low <= value <= hard_high:
        return Severity.HARD
    if soft_low is not None and not soft_low <= value <= soft_high:
        return Severity.SOFT
    return None


@pytest.mark.parametrize("key", LIMITS)
def test_each_bound_and_a_step_to_either_side(key: str) -> None:
    """Bounds belong to the range: outside hard is refused, outside soft is asked about, inside is quiet."""
    limits = LIMITS[key]
    step, is_integer = limits[0], ITEMS[key].kind == "integer"
    values = {
        int(bound + way * step) if is_integer else round(bound + way * step, 2)
        for bound in limits[1:]
        if bound is not None
        for way in (-1, 0, 1)
    }

    expected = {value: expected_severity(value, limits) for value in values}
    assert {value: severity(key, value) for value in values} == expected


@pytest.mark.parametrize("key", LIMITS)
def test_the_fast_door_refuses_at_the_same_bounds(key: str) -> None:
    """What the server refuses is what the form refuses."""
    step, hard_low, _, _, hard_high = LIMITS[key]
    number = int if ITEMS[key].kind == "integer" else float
    inside = [number(hard_low), number(hard_high)]
    outside = [number(hard_low - step), number(hard_high + step)]

    assert [outside_hard_limits(VitalSet(**{key: value})) for value in inside] == [(), ()]
    assert [outside_hard_limits(VitalSet(**{key: value})) for value in outside] == [(key,), (key,)]


def test_every_number_of_the_dictionary_is_in_this_table() -> None:
    """A new reading needs its bounds tested."""
    assert set(LIMITS) == {key for key, item in ITEMS.items() if item.kind in ("number", "integer")}


@pytest.mark.parametrize("key", CODES_OF)
def test_every_code_is_accepted_and_nothing_else(key: str) -> None:
    """An unknown code, an empty one and one with a blank are refused by both doors."""
    known = [code.value for code in CODES_OF[key]]
    unknown = ["", "?", f"{known[0]} ", known[0] + "\n", "清醒"]

    assert [outside_hard_limits(VitalSet(**{key: code})) for code in known] == [()] * len(known)
    for code in unknown:
        v = VitalSet(**{key: code})
        assert outside_hard_limits(v) == (key,)
        assert f"{key.replace('_', '-')}-unknown" in [f.code for f in check(v, context=context())]


@pytest.mark.parametrize("text", ["0", "2", "1/E", "0/E", "1 2/E", "4/2E", "※", "☆", "12"])
def test_the_stool_grammar_accepts(text: str) -> None:
    """The forms of the temperature sheet, 3.6."""
    assert outside_hard_limits(VitalSet(stool=text)) == ()


@pytest.mark.parametrize("text", ["", "E/1", "-1", "1/", "2E", "1 2", "※※", "1/E\n", "１", " 1"])
def test_the_stool_grammar_refuses(text: str) -> None:
    """Anything else would print on the chart as something that no nurse can read."""
    assert outside_hard_limits(VitalSet(stool=text)) == ("stool",)


PRECISION: list[tuple[str, float, int | None, str | None]] = [
    ("temp_c", 36.8, None, None),
    ("temp_c", 36.85, None, "temp-c-too-precise"),
    ("pulse_per_min", 72.0, None, None),
    ("pulse_per_min", 72.5, None, "pulse-per-min-too-precise"),
    ("weight_kg", 70.5, None, None),
    ("weight_kg", 70.55, None, "weight-kg-too-precise"),
    ("weight_kg", 3.25, 1, "weight-kg-too-precise"),
    ("weight_kg", 3.25, 0, None),
    ("weight_kg", 3.255, 0, "weight-kg-too-precise"),
    ("glucose_mmol_per_l", 5.6, None, None),
    ("glucose_mmol_per_l", 5.65, None, "glucose-mmol-per-l-too-precise"),
    ("o2_flow_l_per_min", 2.5, None, None),
    ("o2_flow_l_per_min", 2.3, None, "o2-flow-l-per-min-off-step"),
    ("o2_flow_l_per_min", 2.25, None, "o2-flow-l-per-min-too-precise"),
    ("height_cm", 170.5, None, None),
    ("height_cm", 170.3, None, "height-cm-off-step"),
]


@pytest.mark.parametrize(("key", "value", "age_years", "code"), PRECISION)
def test_a_nurse_enters_no_more_digits_than_the_device_shows(
    key: str, value: float, age_years: int | None, code: str | None
) -> None:
    """Too many decimals are a slip of the finger; a baby's weight has one more."""
    found = {f.code: f.severity for f in check(VitalSet(**{key: value}), context=context(age_years=age_years))}
    about_digits = {c: s for c, s in found.items() if c.endswith(("-too-precise", "-off-step"))}

    severity = Severity.SOFT if code and code.endswith("-off-step") else Severity.HARD
    assert about_digits == ({code: severity} if code else {})


def test_a_monitor_keeps_its_decimals() -> None:
    """62.8 beats a minute are what it measured."""
    v = VitalSet(hr_per_min=62.8, spo2_pct=97.3, abp_map_mmhg=85.25)

    assert check(v, context=context(source="monitor")) == ()


def test_nothing_measured_finds_nothing() -> None:
    """Unknown is not wrong."""
    assert check(VitalSet(), context=context()) == ()
    assert outside_hard_limits(VitalSet()) == ()


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        ({"temp_c": 34.9, "temp_method": "axillary"}, "不升"),
        ({"spo2_pct": 69.0}, "70%"),
        ({"spo2_pct": 84.0}, "超出成人常见范围"),
        ({"temp_c": 41.0, "temp_method": "axillary"}, "体温 41.0 °C"),
        ({"pain_nrs": 11}, "疼痛评分 11："),
    ],
)
def test_one_sentence_a_doubtful_reading(reading: dict[str, Any], words: str) -> None:
    """Below 35 °C and below 70 % the special warning stands in for the usual one."""
    (finding,) = check(VitalSet(**reading), context=context())

    assert words in finding.text()


@given(any_sets)
def test_both_doors_agree(v: VitalSet) -> None:
    """The fast door names exactly the fields of the form's hard findings, clock and digits apart."""
    by_form = {
        name
        for finding in check(v, context=context(source="monitor"))
        if finding.severity is Severity.HARD
        for name in finding.fields
    }

    assert set(outside_hard_limits(v)) == by_form


@given(any_sets)
def test_every_finding_can_be_said(v: VitalSet) -> None:
    """Whatever is entered, each finding has a sentence without holes, and a code of its own."""
    findings = check(v, context=context(measured_at=NOW))

    assert all("{" not in finding.text() for finding in findings)
    assert len({finding.code for finding in findings}) == len(findings)
