"""Requests: the state machine as a table, and which articles a diet forbids."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.clinical.meals.eater import Eater, Fasting
from wardlink.clinical.meals.findings import blocks
from wardlink.clinical.requests.catalogue import CATEGORIES, is_urgent, offers
from wardlink.clinical.requests.shopping import articles, findings_of
from wardlink.clinical.requests.states import MOVES, OPEN, STATES, RequestAct, RequestState, after

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
_ = None
ASKED, TAKEN, BEGUN = "requested", "accepted", "in-progress"
DONE, NO, OFF = "completed", "rejected", "cancelled"

# Each state, and where the acts accept, begin, complete, reject, cancel and end lead.
TABLE = {
    ASKED: (TAKEN, BEGUN, DONE, NO, OFF, OFF),
    TAKEN: (_, BEGUN, DONE, NO, OFF, OFF),
    BEGUN: (_, _, DONE, NO, _, OFF),
    DONE: (_,) * 6,
    NO: (_,) * 6,
    OFF: (_,) * 6,
}


@pytest.mark.parametrize(("state", "act"), list(product(get_args(RequestState), get_args(RequestAct))))
def test_every_act_on_every_state(state: RequestState, act: RequestAct) -> None:
    """What is absent is no move: a patient cannot cancel what has begun."""
    assert after(state, act) == TABLE[state][get_args(RequestAct).index(act)]


@given(st.lists(st.sampled_from(get_args(RequestAct)), max_size=12))
def test_no_walk_leaves_the_states_or_comes_back_from_an_end(acts: list[RequestAct]) -> None:
    """What is over stays over."""
    state: RequestState = "requested"
    for act in acts:
        came = after(state, act)
        assert came is None or (state in OPEN and came in STATES)
        state = came or state


def test_every_state_has_words_and_every_open_one_an_end() -> None:
    """Nobody waits for ever."""
    assert set(STATES) == set(get_args(RequestState))
    assert {state for state, _act in MOVES} == OPEN
    assert all(after(state, "end") == "cancelled" for state in OPEN)


def test_a_broken_call_cord_is_urgent() -> None:
    """It is the patient's only other way to call; nothing else that is broken is."""
    assert [code for code in offers("repair") if is_urgent("repair", code)] == ["call-cord"]
    assert all(len(offers(category)) > 1 for category in CATEGORIES if category not in ("shopping", "query"))


def forbidden(eater: Eater | None) -> set[str]:
    """The articles that this patient cannot have."""
    return {code for code, article in articles().items() if blocks(findings_of(article, eater, NOW))}


FOOD = {"water", "milk", "banana", "apple", "crackers"}


@pytest.mark.parametrize(
    ("eater", "gone"),
    [
        (Eater(diets=("regular",)), set()),
        (Eater(diets=("low-salt",)), {"crackers"}),
        (Eater(diets=("diabetic",)), FOOD - {"water"}),
        (Eater(diets=("regular",), allergens=("milk",)), {"milk"}),
        (Eater(diets=("regular",), drink=2), {"water", "milk"}),
        (Eater(diets=("regular",), iddsi=6), {"apple", "crackers"}),
        (Eater(diets=("regular",), unmapped=("坚果？",)), FOOD),
        (Eater(), FOOD),
        (None, FOOD),
    ],
)
def test_what_is_eaten_follows_the_diet_and_soap_does_not(eater: Eater | None, gone: set[str]) -> None:
    """By the rules of the meals; where nobody has ordered a diet, nothing to eat is bought."""
    assert forbidden(eater) == gone


@pytest.mark.parametrize(
    ("begins", "ends", "drinks", "gone"),
    [
        (0, 1, False, FOOD - {"water", "milk"}),
        (0, 1, True, FOOD),
        (1, 2, True, set()),
        (-2, 0, True, set()),
        (-1, None, True, FOOD),
    ],
)
def test_fasting_forbids_while_it_holds(begins: int, ends: int | None, drinks: bool, gone: set[str]) -> None:
    """From its first moment, until its last."""
    ends_at = None if ends is None else NOW + timedelta(hours=ends)
    fasting = Fasting(NOW + timedelta(hours=begins), ends_at, "operation", drinks)

    assert forbidden(Eater(diets=("regular",), fasting=(fasting,))) == gone
