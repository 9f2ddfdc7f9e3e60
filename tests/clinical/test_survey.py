"""The satisfaction survey: its score, and that four answers are not told where five are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.clinical.survey import RECOMMEND, allowed, items, least_answers, questions, score_percent, scores


@pytest.mark.parametrize(
    ("points", "percent"),
    [((5,), 100), ((1,), 20), ((1, 5), 60), ((4, 4, 4, 4, 3), 76), ((3, 3, 3), 60), ((5, 4, 5, 2), 80)],
)
def test_the_score_is_the_sum_over_the_most(points: tuple[int, ...], percent: int) -> None:
    """Sum of the points over five times their number, times a hundred."""
    assert score_percent(points) == percent


def test_no_answers_have_no_score() -> None:
    """Nobody is nought per cent satisfied because nobody has answered."""
    with pytest.raises(ValueError, match="no answers"):
        score_percent([])


@given(st.lists(st.integers(1, 5), min_size=1))
def test_a_score_lies_between_20_and_100(points: list[int]) -> None:
    """The least that can be given is one point of five."""
    assert 20 <= score_percent(points) <= 100


def test_there_are_ten_items_and_the_recommendation() -> None:
    """Ward domain sheet 10.5."""
    assert (len(items()), questions()[-1]) == (10, RECOMMEND)
    assert (list(allowed("pain")), list(allowed(RECOMMEND))) == ([1, 2, 3, 4, 5], list(range(11)))


@pytest.mark.parametrize(("n", "is_told"), [(0, False), (4, False), (5, True), (6, True)])
def test_fewer_than_five_answers_are_not_told(n: int, is_told: bool) -> None:
    """How many there are is told; what they are is not."""
    assert least_answers() == 5
    found = {score.item: score for score in scores([{"food": 4}] * n)}

    assert found["food"].n == n
    assert (found["food"].percent, found["food"].spread) == (
        (80.0, {1: 0, 2: 0, 3: 0, 4: n, 5: 0}) if is_told else (None, None)
    )


def test_an_item_that_was_skipped_is_counted_by_itself() -> None:
    """Five answers of which four have skipped the food tell everything but the food."""
    answers = [{"food": 1, "pain": 5}] + [{"pain": 5}] * 4
    found = {score.item: score for score in scores(answers)}

    assert (found["pain"].percent, found["food"].percent, found["food"].n) == (100.0, None, 1)
