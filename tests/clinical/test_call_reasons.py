"""Why a patient calls: each reason has its class, and what follows from it."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import pytest

from wardlink.clinical import call_reasons as rules
from wardlink.clinical.call_reasons import CallClass, call_reasons, class_of, class_rules, may_cancel, refined_class
from wardlink.messages import calls

# Ward domain sheet 10.1.
CLASSES: dict[CallClass, set[str]] = {
    "P1": {"EMERG", "TOILET", "FALL", "BREATH", "CHEST", "BLEED", "TUBE"},
    "P2": {"PAIN", "INFUSION", "NAUSEA", "FEVER", "ELIM"},
    "P3": {"MOVE"},
    "P4": {"QUESTION", "WATER", "MEAL", "ENV"},
}


def test_every_reason_of_the_domain_sheet_has_its_class() -> None:
    """And the table holds no other."""
    found: dict[CallClass, set[str]] = {cls: set() for cls in class_rules()}
    for code, reason in call_reasons().items():
        found[reason.cls].add(code)

    assert found == CLASSES


def test_the_classes_are_those_of_the_messages() -> None:
    """What the rules say, a message can carry."""
    assert get_args(CallClass) == get_args(calls.CallClass) == tuple(class_rules())


def test_the_most_urgent_reasons_come_first() -> None:
    """A screen may offer them in the order of the table."""
    order = [reason.cls for reason in call_reasons().values()]

    assert order == sorted(order)


@pytest.mark.parametrize("reason", [None, "SOMETHING-NEW", ""])
def test_a_call_without_a_known_reason_is_urgent(reason: str | None) -> None:
    """What nobody has said is not taken for a small thing."""
    assert class_of(reason) == "P2"


@pytest.mark.parametrize("code", sorted(CLASSES["P1"] | CLASSES["P2"] | CLASSES["P3"] | CLASSES["P4"]))
def test_no_reason_is_slower_than_its_class(code: str) -> None:
    """A class answers within the shortest time of its reasons."""
    reason = call_reasons()[code]

    assert reason.acknowledge_within >= class_rules()[reason.cls].acknowledge_within
    assert reason.arrive_within > reason.acknowledge_within


@pytest.mark.parametrize(
    ("cls", "former", "count", "reason", "expected"),
    [
        ("P2", None, 1, "CHEST", "P1"),
        ("P2", None, 1, "WATER", "P4"),
        ("P2", None, 2, "WATER", "P2"),
        ("P4", "WATER", 1, "CHEST", "P1"),
        ("P1", "CHEST", 1, "WATER", "P1"),
        ("P2", "PAIN", 1, "SOMETHING-NEW", "P2"),
        ("P1", "CHEST", 3, "SOMETHING-NEW", "P1"),
    ],
)
def test_the_reason_decides_the_class(
    cls: CallClass, former: str | None, count: int, reason: str, expected: CallClass
) -> None:
    """A first reason replaces the guess; after that, and of merged calls, the highest class wins."""
    assert refined_class(cls, reason, former=former, count=count) == expected


@pytest.mark.parametrize(
    ("cls", "former", "reason", "expected"),
    [
        ("P4", None, "WATER", "WATER"),
        ("P2", None, "WATER", "WATER"),
        ("P2", "PAIN", "INFUSION", "INFUSION"),
        ("P1", "PAIN", "CHEST", "CHEST"),
        ("P1", "CHEST", "WATER", "CHEST"),
        ("P1", "CHEST", "SOMETHING-NEW", "CHEST"),
    ],
)
def test_the_reason_said_last_stands_unless_it_is_smaller(
    cls: CallClass, former: str | None, reason: str, expected: str
) -> None:
    """A patient may correct a reason; asking for water does not hide that the chest hurts."""
    assert rules.refined_reason(cls, reason, former=former) == expected


@pytest.mark.parametrize(
    ("cls", "age_s", "expected"),
    [
        ("P1", 0, False),
        ("P2", 0, False),
        ("P3", 10, True),
        ("P3", 10.1, False),
        ("P4", 0, True),
        ("P4", 10, True),
        ("P4", 10.1, False),
    ],
)
def test_only_a_small_call_can_be_taken_back_and_only_at_once(cls: CallClass, age_s: float, expected: bool) -> None:
    """P1 is ended at the bed by staff; P3 and P4 may be taken back within ten seconds."""
    assert may_cancel(cls, timedelta(seconds=age_s)) is expected


def test_nurse_and_patient_read_the_reason_in_their_own_words() -> None:
    """In the language of the context."""
    reason = call_reasons()["BREATH"]

    assert (reason.label_text(), reason.patient_text()) == ("胸闷气促", "胸闷、喘不上气")
    assert rules.higher("P3", "P1") == "P1"
