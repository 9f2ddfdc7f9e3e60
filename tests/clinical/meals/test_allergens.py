"""An allergy of the record, in the groups of food labels: nothing is guessed."""

from __future__ import annotations

import pytest

from wardlink.clinical.meals.allergens import allergens_written
from wardlink.clinical.meals.states import MOVES, OPEN, after


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("花生", ("peanut",)),
        ("花生过敏", ("peanut",)),
        ("海鲜", ("crustacean", "fish")),
        ("Eggs", ("egg",)),
        ("头孢类", ()),
        ("青霉素", ()),
        ("胶布", ()),
        ("阿司匹林肠溶片", ()),
        ("某种野菜", None),
        ("", ()),
    ],
)
def test_an_allergy_is_to_food_to_none_or_must_be_looked_at(text: str, expected: tuple[str, ...] | None) -> None:
    """M04: what is in no table blocks ordering until a nurse has said what it is."""
    assert allergens_written(text) == expected


def test_a_meal_that_is_over_moves_no_more() -> None:
    """A cancelled meal stays so, though its tray goes back; a return is only taken back; all others can be left."""
    assert {after("cancelled", act) for _, act in MOVES} == {None, "cancelled"}
    assert {act for before, act in MOVES if before == "returned"} == {"undo"}
    assert all(any(before == state for before, _ in MOVES) for state in OPEN)
