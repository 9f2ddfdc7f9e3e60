"""What is asked about an adverse event, and which of them the KPIs count."""

from __future__ import annotations

import pytest

from wardlink.clinical.adverse_events import (
    ASKED,
    answers,
    asks,
    event_kinds,
    harm_of,
    is_new_injury,
    kind_text,
    terms_of,
    told,
)
from wardlink.errors import InvalidInput

EVERYTHING = {asked: answers(asked)[0] for asked in ASKED}


@pytest.mark.parametrize("kind", event_kinds())
def test_a_kind_keeps_what_it_asks_for_and_nothing_else(kind: str) -> None:
    """What another kind asks for is not kept by accident; what is missing is said."""
    kept = told(kind, EVERYTHING)

    assert {asked for asked, answer in kept.items() if answer is not None} == set(asks(kind))
    assert kind_text(kind)
    for asked in asks(kind):
        for bad in ({}, {asked: ""}, {asked: "nonsense"}):
            with pytest.raises(InvalidInput):
                told(kind, {key: value for key, value in EVERYTHING.items() if key != asked} | bad)


def test_an_unknown_kind_is_refused() -> None:
    """And so is none."""
    for kind in ("", "flood", "kinds"):
        with pytest.raises(InvalidInput):
            told(kind, EVERYTHING)


@pytest.mark.parametrize(
    ("stage", "began", "expected"),
    [
        ("stage-1", "here", False),
        ("stage-2", "here", True),
        ("stage-3", "here", True),
        ("stage-4", "here", True),
        ("unstageable", "here", True),
        ("deep-tissue", "here", True),
        ("stage-2", "before", False),
        ("stage-4", "before", False),
        (None, "here", False),
        ("stage-2", None, False),
    ],
)
def test_a_new_pressure_injury_began_here_and_is_of_stage_two(
    stage: str | None, began: str | None, expected: bool
) -> None:
    """Stage 1 counts nowhere; what a patient brought along is not of this ward."""
    assert is_new_injury("pressure-injury", stage, began) is expected
    assert not is_new_injury("fall", stage, began)


@pytest.mark.parametrize(
    ("kind", "harm", "expected"),
    [
        ("fall", "none", {"falls": 1, "falls_harmed": 0}),
        ("fall", "grade-1", {"falls": 1, "falls_harmed": 1}),
        ("fall", "grade-3", {"falls": 1, "falls_harmed": 1}),
        ("fall", "death", {"falls": 1, "falls_harmed": 1}),
        ("medication-error", "none", {"medication_errors": 1}),
        ("near-miss", None, {"near_misses": 1}),
        ("tube", "none", {}),
        ("pressure-injury", None, {}),
        ("other", "grade-2", {}),
    ],
)
def test_what_an_event_counts(kind: str, harm: str | None, expected: dict[str, int]) -> None:
    """A fall counts with or without harm; near misses stand apart; a visitor's event counts for nothing."""
    assert terms_of(kind, harm, of_patient=True) == expected
    assert terms_of(kind, harm, of_patient=False) == {}


def test_harm_can_be_graded_later_where_there_is_a_grade() -> None:
    """A fracture that is found the next day; never a grade that nobody knows."""
    assert harm_of("fall", "grade-3") == "grade-3"
    for kind, harm in (("fall", "worse"), ("near-miss", "none"), ("pressure-injury", "grade-1")):
        with pytest.raises(InvalidInput):
            harm_of(kind, harm)
