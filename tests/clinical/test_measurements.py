"""Single measurements: what may be saved, and what a value means."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.clinical.sets import context
from wardlink.clinical.measurements import Measurement, check_measurement, meaning
from wardlink.clinical.vitals import VitalSet


def codes(*, last: VitalSet | None = None, **said: Any) -> list[str]:
    """The codes of everything that is found."""
    return [finding.code for finding in check_measurement(Measurement(**said), context=context(last=last))]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"what": "glucose", "value": 3.0, "slot": "fasting"}, []),
        ({"what": "glucose", "value": 2.9, "slot": "fasting"}, ["glucose-mmol-per-l-unusual"]),
        ({"what": "glucose", "value": 50.1, "slot": "fasting"}, ["glucose-mmol-per-l-impossible"]),
        ({"what": "glucose", "value": 5.55, "slot": "fasting"}, ["glucose-mmol-per-l-too-precise"]),
        ({"what": "glucose", "value": 5.5}, ["glucose-slot-needed"]),
        ({"what": "glucose", "comparator": "<", "slot": "random"}, []),
        ({"what": "glucose", "not_measured": "refused"}, []),
        ({"what": "glucose", "not_measured": "bedridden"}, ["glucose-mmol-per-l-reason-unfit"]),
        ({"what": "pain", "value": 10, "scale": "nrs"}, []),
        ({"what": "pain", "value": 11, "scale": "nrs"}, ["pain-no-point"]),
        ({"what": "pain", "value": 3.5}, ["pain-no-point"]),
        ({"what": "pain", "value": 4, "scale": "faces"}, []),
        ({"what": "pain", "value": 5, "scale": "faces"}, ["pain-no-point"]),
        ({"what": "weight", "value": 60.5}, []),
        ({"what": "weight", "not_measured": "bedridden"}, []),
        ({"what": "height", "value": 171.5}, []),
        ({"what": "height", "value": 171.2}, ["height-cm-off-step"]),
        ({"what": "girth", "value": 20}, []),
        ({"what": "girth", "value": 19.9}, ["girth-impossible"]),
        ({"what": "girth", "value": 250}, []),
        ({"what": "girth", "value": 250.1}, ["girth-impossible"]),
        ({"what": "girth", "value": 88.25}, ["girth-too-precise"]),
    ],
)
def test_what_is_doubtful(said: dict[str, Any], found: list[str]) -> None:
    """Each bound and its neighbour."""
    assert codes(**said) == found


@pytest.mark.parametrize(("value", "found"), [(66, []), (66.1, ["weight-changed"]), (53.9, ["weight-changed"])])
def test_a_weight_is_compared_with_the_last_one(value: float, found: list[str]) -> None:
    """Ten percent of 60 kg."""
    assert codes(what="weight", value=value, last=VitalSet(weight_kg=60)) == found


@pytest.mark.parametrize(("hours", "found"), [(24, []), (24.1, ["late-reason-needed"]), (-0.2, ["measured-in-future"])])
def test_the_clock_holds_for_single_measurements_too(hours: float, found: list[str]) -> None:
    """More than a day late needs a reason; nothing lies in the future."""
    now = context().now
    late = context(measured_at=now - timedelta(hours=hours))

    assert [f.code for f in check_measurement(Measurement("pain", 2), context=late)] == found


@pytest.mark.parametrize(
    ("what", "value", "comparator", "code"),
    [
        ("glucose", None, "<", "low-without-diabetes"),
        ("glucose", 2.7, None, "low-without-diabetes"),
        ("glucose", 2.8, None, "low-level-2"),
        ("glucose", 2.9, None, "low-level-2"),
        ("glucose", 3.0, None, "low-treated"),
        ("glucose", 3.8, None, "low-treated"),
        ("glucose", 3.9, None, None),
        ("glucose", 16.6, None, None),
        ("glucose", 16.7, None, "high"),
        ("glucose", 22.1, None, "high"),
        ("glucose", 22.2, None, "critical"),
        ("glucose", None, ">", "critical"),
        ("glucose", None, None, None),
        ("pain", 0, None, None),
        ("pain", 1, None, "mild"),
        ("pain", 3, None, "mild"),
        ("pain", 4, None, "moderate"),
        ("pain", 6, None, "moderate"),
        ("pain", 7, None, "severe"),
        ("weight", 60, None, None),
    ],
)
def test_what_a_value_means(what: str, value: float | None, comparator: str | None, code: str | None) -> None:
    """Each bound and its neighbour; LO and HI are no numbers."""
    found = meaning(what, value, comparator)

    assert (found.code if found else None) == code


@pytest.mark.parametrize(("value", "minutes"), [(2.5, 15), (3.5, 15), (5.0, None), (23.0, None)])
def test_a_low_glucose_is_measured_again(value: float, minutes: int | None) -> None:
    """Fifteen minutes after it was treated."""
    found = meaning("glucose", value)

    assert (found.recheck_after if found else None) == (None if minutes is None else timedelta(minutes=minutes))
