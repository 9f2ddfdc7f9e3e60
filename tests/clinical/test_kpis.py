"""The formulas of the KPIs, with the worked example of the domain sheet."""

from __future__ import annotations

from fractions import Fraction

import pytest

from wardlink.clinical.kpis import COUNTED, kpis, measured

NOVEMBER = {
    "open_days": 900,
    "nurse_minutes": 960 * 60,
    "rostered_days": 600,
    "occupied_days": 810,
    "discharges": 90,
    "discharged_days": 792,
    "calls": 40,
    "calls_in_time": 30,
    "complaints": 3,
    "complaints_in_time": 2,
    "doses": 12_400,
    "doses_in_time": 11_904,
    "charged_fen": 1_000_050,
    "drugs_fen": 250_000,
    "patients": 120,
    "falls": 1,
    "falls_harmed": 1,
    "new_injuries": 3,
    "medication_errors": 2,
    "near_misses": 9,
    "days_urinary": 240,
    "cauti": 1,
    "slipped_urinary": 2,
}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("occupancy", Fraction(90)),
        ("turnover", Fraction(3)),
        ("interval", Fraction(1)),
        ("work-days", Fraction(27)),
        ("stay", Fraction(88, 10)),
        ("call-response", Fraction(75)),
        ("complaints", Fraction(200, 3)),
        ("order-timeliness", Fraction(96)),
        ("drug-share", Fraction(25_000_000, 1_000_050)),
        ("falls", Fraction(1000, 810)),
        ("fall-harm", Fraction(100)),
        ("pressure-injuries", Fraction(5, 2)),
        ("medication-errors", Fraction(2000, 810)),
        ("near-misses", Fraction(9000, 810)),
        ("cauti", Fraction(25, 6)),
        ("uex-urinary", Fraction(25, 3)),
        ("nurse-hours", Fraction(16, 10)),
    ],
)
def test_november_of_the_domain_sheet(code: str, expected: Fraction) -> None:
    """30 beds, 30 days."""
    assert measured(kpis()[code], NOVEMBER, 30).value == expected


@pytest.mark.parametrize("code", [kpi.code for kpi in kpis().values() if not kpi.missing])
def test_nothing_to_divide_by_is_no_value(code: str) -> None:
    """Neither nought nor without end."""
    assert measured(kpis()[code], {}, 30).value is None


def test_what_cannot_be_computed_is_refused() -> None:
    """A KPI that is not measured has no value by accident."""
    for kpi in kpis().values():
        if kpi.missing:
            with pytest.raises(ValueError, match=kpi.code):
                measured(kpi, NOVEMBER, 30)


def test_every_kpi_is_made_of_terms_or_says_why_not() -> None:
    """No term that nobody counts."""
    terms = {*COUNTED, "free_days", "open_beds", "nurse_hours", "drugs_yuan", "charged_yuan"}
    for kpi in kpis().values():
        assert bool(kpi.missing) != bool(kpi.above)
        assert kpi.missing or {kpi.above, kpi.below} <= terms
        assert kpi.missing or (kpi.numerator and kpi.denominator and kpi.counted)
