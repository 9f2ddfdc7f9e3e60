"""Levels of arrears at their bounds, and what is never refused."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.money.policy import LEVELS, AgreementKind, Ground, Purpose, grounds_of, level_of, may_go_on
from server.money.standing import runway
from server.money.tables import load


@pytest.mark.parametrize(
    ("available_fen", "deposit_fen", "level"),
    [
        (50_000, 0, "none"),
        (49_999, 0, "notice"),
        (50_000, 250_000, "none"),
        (50_000, 250_005, "notice"),
        (99_999, 500_000, "notice"),
        (100_000, 500_000, "none"),
        (0, 0, "notice"),
        (0, 500_000, "notice"),
        (-1, 500_000, "warning"),
        (-1, 0, "warning"),
    ],
)
def test_a_level_begins_one_fen_below_its_bound(available_fen: int, deposit_fen: int, level: str) -> None:
    """Less than 500 yuan or 20 % of the deposit; less than nothing (ward domain sheet 7.1)."""
    assert level_of(available_fen, deposit_fen) == level


def test_who_is_treated_first_is_not_warned() -> None:
    """Unless the agreement names a credit: then that is used up first. A release warns all the same."""
    assert level_of(-100_000, 0, agreed=["treat-first"]) == "none"
    assert level_of(-100_000, 0, agreed=["treat-first"], credit_fen=150_000) == "none"
    assert level_of(-100_001, 0, agreed=["treat-first"], credit_fen=150_000) == "notice"
    assert level_of(-150_001, 0, agreed=["treat-first"], credit_fen=150_000) == "warning"
    assert level_of(-100_000, 0, agreed=["release"]) == "warning"


@given(
    st.sampled_from(sorted(set(get_args(Purpose)) - {"self-chosen"})),
    st.sampled_from(LEVELS),
    st.lists(st.sampled_from(get_args(AgreementKind))),
)
def test_care_is_never_refused(purpose: Purpose, level: str, agreed: list[str]) -> None:
    """Emergencies, treatment, therapeutic meals and discharge drugs, whatever is owed."""
    assert may_go_on(purpose, level, agreed)  # type: ignore[arg-type]


@pytest.mark.parametrize(("level", "goes_on"), [("none", True), ("notice", True), ("warning", False)])
def test_only_what_somebody_chose_for_themselves_may_be_refused(level: str, goes_on: bool) -> None:
    """From the warning on, and not where a doctor or head nurse has let it go on."""
    assert may_go_on("self-chosen", level) == goes_on  # type: ignore[arg-type]
    assert may_go_on("self-chosen", level, ["release"])  # type: ignore[arg-type]


def test_the_words_of_the_policy_are_those_of_the_program() -> None:
    """Purposes, agreements and their grounds: none is missing on either side."""
    assert set(load("policy")["purposes"]) == set(get_args(Purpose))
    assert set(load("policy")["agreements"]) == set(get_args(AgreementKind))
    assert {ground for kind in get_args(AgreementKind) for ground in grounds_of(kind)} == set(get_args(Ground))
    assert ("none", *load("policy")["levels"]) == LEVELS


@pytest.mark.parametrize(
    ("left_fen", "per_day_fen", "days"),
    [(999, 100, 9), (1_000, 100, 10), (0, 100, 0), (-5, 100, 0), (100, None, None), (100, 0, None), (100, -3, None)],
)
def test_the_rest_will_do_for_whole_days(left_fen: int, per_day_fen: int | None, days: int | None) -> None:
    """Rounded down; unknown where no day says what a day costs."""
    assert runway(left_fen, per_day_fen) == days
