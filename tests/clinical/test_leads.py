"""A monitor's zeros and nonsense never become readings."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.clinical.items import ITEMS
from wardlink.clinical.leads import split_monitor_sample
from wardlink.clinical.limits import outside_hard_limits
from wardlink.clinical.vitals import VitalSet
from wardlink.errors import InvalidInput

NUMBERS = sorted(key for key, item in ITEMS.items() if item.kind == "number")
LEADS = sorted(key for key, item in ITEMS.items() if item.zero_is_lead_off)

RECORD = Path(__file__).parents[3] / "shared" / "cases" / "vitals" / "3975656n.csv"
COLUMNS = {
    "HR": "hr_per_min",
    "ABPSys": "abp_sbp_mmhg",
    "ABPDias": "abp_dbp_mmhg",
    "ABPMean": "abp_map_mmhg",
    "PULSE": "pulse_per_min",
    "RESP": "rr_per_min",
    "SpO2": "spo2_pct",
    "NBPSys": "sbp_mmhg",
    "NBPDias": "dbp_mmhg",
    "NBPMean": "map_mmhg",
}


def test_zero_is_a_lead_that_is_off() -> None:
    """Odd but possible numbers stay readings, as in the real record."""
    sample = split_monitor_sample(
        {"hr_per_min": 11.5, "abp_sbp_mmhg": 0.0, "abp_map_mmhg": 25.3, "rr_per_min": 2.0, "spo2_pct": 0.0}
    )

    assert sample.readings == {"hr_per_min": 11.5, "abp_map_mmhg": 25.3, "rr_per_min": 2.0}
    assert sample.lead_off == ("abp_sbp_mmhg", "spo2_pct")
    assert sample.artefacts == {}


def test_an_oxygen_flow_of_zero_is_a_setting() -> None:
    """There is no lead that could be off."""
    assert split_monitor_sample({"o2_flow_l_per_min": 0.0}).readings == {"o2_flow_l_per_min": 0.0}


def test_not_measured_appears_nowhere() -> None:
    """None and NaN are what a record writes for no value."""
    assert split_monitor_sample({"hr_per_min": None, "spo2_pct": math.nan}) == ({}, (), {})


@pytest.mark.parametrize(
    ("raw", "readings", "artefacts"),
    [
        ({"hr_per_min": 350.0}, {"hr_per_min": 350.0}, {}),
        ({"hr_per_min": 350.1}, {}, {"hr_per_min": 350.1}),
        ({"temp_c": 24.9}, {}, {"temp_c": 24.9}),
        ({"spo2_pct": -1.0}, {}, {"spo2_pct": -1.0}),
        ({"sbp_mmhg": 90.0, "dbp_mmhg": 90.0}, {}, {"sbp_mmhg": 90.0, "dbp_mmhg": 90.0}),
        ({"sbp_mmhg": 90.1, "dbp_mmhg": 90.0}, {"sbp_mmhg": 90.1, "dbp_mmhg": 90.0}, {}),
        (
            {"abp_sbp_mmhg": 50.0, "abp_dbp_mmhg": 60.0, "abp_map_mmhg": 55.0},
            {"abp_map_mmhg": 55.0},
            {"abp_sbp_mmhg": 50.0, "abp_dbp_mmhg": 60.0},
        ),
        ({"sbp_mmhg": 100.0, "dbp_mmhg": 5.0}, {"sbp_mmhg": 100.0}, {"dbp_mmhg": 5.0}),
    ],
)
def test_the_impossible_is_kept_apart_with_its_raw_value(
    raw: dict[str, float], readings: dict[str, float], artefacts: dict[str, float]
) -> None:
    """Outside the hard limits, or a pressure pair upside down."""
    sample = split_monitor_sample(raw)

    assert (sample.readings, sample.artefacts) == (readings, artefacts)


@pytest.mark.parametrize("raw", [{"mood": 1.0}, {"acvpu": 1.0}, {"o2_on": 1.0}, {"hr_per_min": math.inf}])
def test_what_no_monitor_measures_is_an_error(raw: dict[str, float]) -> None:
    """A wrongly mapped channel must be noticed, not dropped."""
    with pytest.raises(InvalidInput):
        split_monitor_sample(raw)


@given(
    st.dictionaries(
        st.sampled_from(NUMBERS), st.none() | st.just(0.0) | st.floats(allow_infinity=False), max_size=len(NUMBERS)
    )
)
def test_every_value_is_in_one_place_and_readings_can_be_recorded(raw: dict[str, float | None]) -> None:
    """Nothing is lost, nothing is doubled, no lead's zero is a reading, and the server refuses no reading."""
    sample = split_monitor_sample(raw)
    placed = [*sample.readings, *sample.lead_off, *sample.artefacts]

    assert sorted(placed) == sorted(key for key, v in raw.items() if v is not None and not math.isnan(v))
    assert not any(sample.readings.get(key) == 0 for key in LEADS)
    assert outside_hard_limits(VitalSet(**sample.readings)) == ()
    assert {**sample.readings, **sample.artefacts} == {key: raw[key] for key in placed if key not in sample.lead_off}


@pytest.mark.cases
@pytest.mark.skipif(not RECORD.exists(), reason="the real record does not lie beside the project")
def test_the_real_record_has_no_artefacts_and_all_its_zeros_are_leads() -> None:
    """32 hours of a real patient: each zero is a lead, each other number is a reading exactly as it stands."""
    zeros = dict.fromkeys(COLUMNS.values(), 0)
    with RECORD.open() as file:
        for row in csv.DictReader(file):
            raw = {key: float(row[name]) if row[name] else None for name, key in COLUMNS.items()}
            sample = split_monitor_sample(raw)
            for name in sample.lead_off:
                zeros[name] += 1
            assert sample.artefacts == {}
            assert sample.readings == {key: value for key, value in raw.items() if value}

    assert zeros == {
        "hr_per_min": 46,
        "abp_sbp_mmhg": 1929,
        "abp_dbp_mmhg": 1929,
        "abp_map_mmhg": 1928,
        "pulse_per_min": 363,
        "rr_per_min": 45,
        "spo2_pct": 363,
        "sbp_mmhg": 0,
        "dbp_mmhg": 0,
        "map_mmhg": 0,
    }
