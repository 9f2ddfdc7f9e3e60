"""The table of alerts: complete, in the order of urgency, and each chain has somebody at every hour."""

from __future__ import annotations

from datetime import time
from typing import get_args

import pytest

from server.identity.roles import ROLES
from wardlink.clinical.alert_rules import (
    CODES,
    PRIORITIES,
    AlertCode,
    alert_rule,
    chain,
    code_of_value,
    is_higher,
    worst,
)
from wardlink.clinical.items import ITEMS
from wardlink.clinical.tables import load


def test_every_code_has_its_rule_and_no_rule_is_left_over() -> None:
    """The codes of the messages are the codes of the table."""
    assert set(load("alert_rules")["codes"]) == set(get_args(AlertCode))


def test_of_two_about_vital_signs_the_more_urgent_stands() -> None:
    """The order of the codes never puts a lesser priority before a graver one."""
    about_vitals = [code for code in CODES if code.startswith(("news2", "value"))]
    ranks = [PRIORITIES.index(alert_rule(code).priority) for code in about_vitals]

    assert ranks == sorted(ranks)
    assert worst(["news2-red", "value-critical"]) == "value-critical"


@pytest.mark.parametrize("name", sorted(load("alert_rules")["chains"]))
@pytest.mark.parametrize("at", [time(0), time(7, 29), time(7, 30), time(17, 59), time(18), time(23, 59)])
def test_a_chain_begins_with_somebody_who_is_there_and_names_known_roles(name: str, at: time) -> None:
    """At every hour; a role that nobody can have would be offered to nobody."""
    steps = chain(name)

    assert steps[0].is_there(at)
    assert {step.role for step in steps} <= set(ROLES)


@pytest.mark.parametrize(
    ("reading", "value", "code"),
    [
        ("spo2_pct", 84, "value-critical"),
        ("spo2_pct", 85, "value-severe"),
        ("spo2_pct", 89, "value-severe"),
        ("spo2_pct", 90, None),
        ("hr_per_min", 130, None),
        ("hr_per_min", 131, "value-severe"),
        ("hr_per_min", 40, None),
        ("hr_per_min", 39, "value-severe"),
        ("glucose_mmol_per_l", 3.9, None),
        ("glucose_mmol_per_l", 3.8, "value-severe"),
        ("temp_c", 41.0, None),
    ],
)
def test_single_values_at_their_bounds(reading: str, value: float, code: str | None) -> None:
    """By the ward's domain sheet, 12.3."""
    assert code_of_value(reading, value) == code


def test_values_are_readings_that_exist() -> None:
    """A misspelt reading would never raise anything."""
    assert {row["reading"] for row in load("alert_rules")["values"].values()} <= set(ITEMS)


def test_which_priority_is_higher() -> None:
    """High before medium before low."""
    assert is_higher("high", "medium")
    assert is_higher("medium", "low")
    assert not is_higher("low", "low")
