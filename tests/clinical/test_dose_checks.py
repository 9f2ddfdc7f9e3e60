"""What stands in the way of a dose: each check at its bound, what answers it, and what nothing answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.clinical.dose_checks import Answers, AtBed, Check, checks, needs_witness, still_open
from wardlink.clinical.drugs import HighAlert
from wardlink.clinical.routes import routes
from wardlink.clinical.skin_test import Standing
from wardlink.clinical.tables import load

NOW = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Drug:
    """A drug of an order."""

    drug: str = "aspirin"
    name_zh: str = "阿司匹林"
    name_en: str = "aspirin"
    ingredient: str = "aspirin"
    classes: tuple[str, ...] = ("nsaid",)
    high_alert: HighAlert | None = None
    skin_test: bool = False


ASPIRIN = Drug()
PENICILLIN = Drug("pen", "青霉素", "penicillin G", "penicillin G", ("penicillin",), skin_test=True)
READY = AtBed(
    now=NOW,
    patient="王秀英",
    drugs=(ASPIRIN,),
    dose_state="planned",
    order_state="active",
    route=routes()["po"],
    opens_at=NOW - timedelta(hours=1),
    closes_at=NOW + timedelta(hours=1),
    patient_scanned_at=NOW,
    scanned_at={"aspirin": NOW},
)


def codes(**changed: Any) -> list[str]:
    """What stands in the way when this is otherwise than it should be."""
    return [check.code for check in checks(replace(READY, **changed))]


def test_a_dose_that_is_ready_has_nothing_in_its_way() -> None:
    """Right patient, drug, dose, route and time, all of them scanned."""
    assert checks(READY) == ()


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"is_here": False}, ["not-here"]),
        ({"order_state": "stopped"}, ["order-stopped"]),
        ({"order_state": "completed"}, ["order-stopped"]),
        ({"order_state": "stopped", "stop_at": NOW}, ["order-stopped"]),
        ({"order_state": "stopped", "stop_at": NOW + SECOND}, []),
        ({"order_state": "cancelled"}, ["order-taken-back"]),
        ({"order_state": "rejected"}, ["order-taken-back"]),
        ({"order_state": "entered-in-error"}, ["order-taken-back"]),
        ({"order_state": "on-hold"}, ["order-on-hold"]),
        ({"order_state": "issued"}, ["order-unchecked"]),
        ({"order_state": "reviewed"}, ["order-unchecked"]),
        ({"order_state": "transcribed"}, ["order-unchecked"]),
        ({"order_state": None}, ["order-unknown"]),
        ({"dose_state": "done"}, ["already-given"]),
        ({"dose_state": "running"}, ["already-given"]),
        ({"dose_state": "paused"}, ["already-given"]),
        ({"dose_state": "cancelled"}, ["dose-cancelled"]),
        ({"dose_state": "held"}, ["decided"]),
        ({"dose_state": "refused"}, ["decided"]),
        ({"dose_state": "missed"}, ["decided"]),
        ({"expired": frozenset({"aspirin"})}, ["expired"]),
        ({"expired": frozenset({"another"})}, []),
        ({"allergies": ("阿司匹林",)}, ["allergy"]),
        ({"allergies": ("NSAID",)}, ["allergy"]),
        ({"allergies": ("花生",)}, []),
        ({"allergies": ("阿司匹林 皮试阳性",)}, ["skin-test-positive"]),
        ({"patient_scanned_at": None}, ["patient-unscanned"]),
        ({"patient_scanned_at": NOW - timedelta(minutes=5)}, []),
        ({"patient_scanned_at": NOW - timedelta(minutes=5) - SECOND}, ["patient-unscanned"]),
        ({"scanned_at": {}}, ["drug-unscanned"]),
        ({"scanned_at": {"aspirin": NOW - timedelta(minutes=5)}}, []),
        ({"scanned_at": {"aspirin": NOW - timedelta(minutes=5) - SECOND}}, ["drug-unscanned"]),
        ({"opens_at": NOW}, []),
        ({"opens_at": NOW + SECOND}, ["early"]),
        ({"closes_at": NOW}, []),
        ({"closes_at": NOW - SECOND}, ["late"]),
        ({"opens_at": None, "closes_at": None}, []),
        ({"leased_by": "王芳"}, ["leased"]),
        ({"route": routes()["iv"]}, ["two-people"]),
        ({"route": routes()["iv-pump"]}, ["two-people"]),
        ({"route": routes()["ivgtt"]}, []),
        ({"route": routes()["ng"]}, ["tube"]),
        ({"route": None}, []),
    ],
)
def test_each_check_at_its_bound(changed: dict[str, Any], found: list[str]) -> None:
    """One thing is otherwise, and just that is said."""
    assert codes(**changed) == found


@pytest.mark.parametrize(("grade", "asked"), [("A", True), ("B", True), ("C", False), (None, False)])
def test_high_alert_drugs_of_two_grades_need_a_second_nurse(grade: HighAlert | None, asked: bool) -> None:
    """A and B; C is only marked."""
    assert codes(drugs=(replace(ASPIRIN, high_alert=grade),)) == (["high-alert"] if asked else [])


def test_every_drug_of_a_bag_is_scanned_and_tested_by_itself() -> None:
    """One of two was scanned."""
    found = checks(replace(READY, drugs=(ASPIRIN, PENICILLIN)))

    assert [(check.code, check.about) for check in found] == [("skin-test", "pen"), ("drug-unscanned", "pen")]


@pytest.mark.parametrize(("minutes", "found"), [(240, []), (239, ["too-soon"])])
def test_between_two_doses_when_needed_lies_the_ordered_time(minutes: int, found: list[str]) -> None:
    """At the interval it may be given."""
    assert codes(given_at=(NOW - timedelta(minutes=minutes),), min_interval_min=240) == found


@pytest.mark.parametrize(("hours", "found"), [(23, ["too-often"]), (24, [])])
def test_no_more_is_given_in_a_day_than_was_ordered(hours: int, found: list[str]) -> None:
    """Twice at most: the older of two was given so long ago."""
    given_at = (NOW - timedelta(hours=hours), NOW - timedelta(hours=6))

    assert codes(given_at=given_at, max_per_day=2) == found


REASON = {"reasons": {"x": "sleeping"}}


@pytest.mark.parametrize(
    ("answer", "answers", "holds"),
    [
        ("nothing", {"reasons": {"x": "I know better"}, "confirmed": frozenset({"x"}), "witness": "b"}, False),
        ("scan", REASON, False),
        ("scan", REASON | {"witness": "b"}, True),
        ("scan", REASON | {"witness": "a"}, False),
        ("override", {"witness": "b"}, False),
        ("override", REASON | {"witness": "b"}, True),
        ("witness", {"witness": "b"}, True),
        ("witness", {"witness": "a"}, False),
        ("witness", {}, False),
        ("reason", REASON, True),
        ("reason", {"reasons": {"y": "another question"}}, False),
        ("confirm", {"confirmed": frozenset({"x"})}, True),
        ("confirm", {}, False),
    ],
)
def test_what_answers_a_check(answer: Any, answers: dict[str, Any], holds: bool) -> None:
    """A stop stays a stop, and the one who gives is not her own witness."""
    found = still_open([Check("x", answer)], Answers(**answers), by="a")

    assert (not found) is holds


@pytest.mark.parametrize(
    ("answer", "reasons", "asked"),
    [("witness", {}, True), ("scan", {}, False), ("scan", {"x": "torn label"}, True), ("reason", {"x": "late"}, False)],
)
def test_passing_over_a_check_asks_for_a_second_nurse(answer: Any, reasons: dict[str, str], asked: bool) -> None:
    """A reason alone is enough only where only a reason is asked for."""
    assert needs_witness([Check("x", answer)], Answers(reasons=reasons)) is asked


@pytest.mark.parametrize("code", load("dose_checks")["checks"])
def test_every_check_can_come_up_and_says_something(code: str) -> None:
    """A row of the table that nothing leads to would be a promise without a keeper."""
    worst = AtBed(
        now=NOW,
        patient="王秀英",
        drugs=(replace(PENICILLIN, high_alert="A"),),
        dose_state="held",
        order_state=None,
        is_here=False,
        route=replace(routes()["iv"], check_tube=True),
        opens_at=NOW + SECOND,
        allergies=("青霉素", "青霉素皮试阳性"),
        expired=frozenset({"pen"}),
        given_at=(NOW - SECOND,),
        min_interval_min=1,
        max_per_day=1,
        leased_by="王芳",
    )
    found = [
        *checks(worst),
        *(check for state in ("stopped", "cancelled", "on-hold", "issued") for check in _of_order(worst, state)),
        *checks(replace(worst, dose_state="done", opens_at=None, closes_at=NOW - SECOND)),
        *checks(replace(worst, dose_state="cancelled")),
        *(check for word in ("waits", "doubtful", "old") for check in checks(replace(worst, skin_tests=_tests(word)))),
    ]

    assert all(check.text() for check in found)
    assert code in {check.code for check in found}


@pytest.mark.parametrize(
    ("word", "is_test", "found"),
    [
        ("none", False, ["skin-test"]),
        ("waits", False, ["skin-test-waits"]),
        ("doubtful", False, ["skin-test-doubtful"]),
        ("old", False, ["skin-test-old"]),
        ("positive", False, ["skin-test-positive"]),
        ("negative", False, []),
        ("none", True, []),
        ("waits", True, []),
    ],
)
def test_how_a_skin_test_stands_in_the_way(word: Any, is_test: bool, found: list[str]) -> None:
    """Only a negative one lets the drug pass; the test itself waits for none."""
    said = codes(drugs=(PENICILLIN,), scanned_at={"pen": NOW}, skin_tests=_tests(word), is_skin_test=is_test)

    assert said == found


def _tests(word: Any) -> dict[str, Standing]:
    return {"pen": Standing(word, NOW)}


def _of_order(worst: AtBed, state: Any) -> tuple[Check, ...]:
    return checks(replace(worst, order_state=state))


@given(st.integers(-600, 600))
def test_early_and_late_never_come_together(minutes: int) -> None:
    """Whenever it is given."""
    found = codes(now=NOW + timedelta(minutes=minutes))

    assert not {"early", "late"} <= set(found)
