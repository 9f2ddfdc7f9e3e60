"""The satisfaction survey of a stay: its questions, its score, and from how many answers on it may be read.

The bed asks by it, the server counts by it. Source: ward domain sheet 10.5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from wardlink.clinical.tables import load
from wardlink.i18n import gettext

POINTS = (1, 2, 3, 4, 5)
RECOMMEND = "recommend"
"""The item of nought to ten; all others have one to five points."""


@dataclass(frozen=True)
class Score:
    """An item over some answers. `percent` and `spread` are None where too few have answered to be read.

    `spread`: how often each number of points was given. `n` is told in any case.
    """

    item: str
    n: int
    percent: float | None
    spread: Mapping[int, int] | None


@cache
def items() -> tuple[str, ...]:
    """The ten items of one to five points, in the order in which they are asked."""
    return tuple(load("survey")["items"])


def questions() -> tuple[str, ...]:
    """Everything that is asked, the recommendation last."""
    return (*items(), RECOMMEND)


def allowed(item: str) -> range:
    """The answers to an item."""
    return range(load("survey")["scale"]["recommend"]["most"] + 1) if item == RECOMMEND else range(1, len(POINTS) + 1)


def least_answers() -> int:
    """Below so many answers nobody may read what was answered."""
    least: int = load("survey")["shown"]["least"]["answers"]
    return least


def question_text(item: str) -> str:
    """What the patient is asked."""
    question = _row(item)["text"]
    return gettext(question)


def item_text(item: str) -> str:
    """The item in a table."""
    label = _row(item)["label"]
    return gettext(label)


def points_text(points: int) -> str:
    """One to five points, in words."""
    choice: str = load("survey")["scale"]["points"]["choices"][points - 1]
    return gettext(choice)


def score_percent(points: Sequence[int], *, most: int = len(POINTS)) -> Fraction:
    """The sum of the points against the most that could be had, times a hundred.

    Raises:
        ValueError: there are no points.
    """
    if not points:
        raise ValueError("no answers")
    return Fraction(100 * sum(points), most * len(points))


def scores(answers: Sequence[Mapping[str, int]]) -> tuple[Score, ...]:
    """Every item over these answers; an item that fewer than `least_answers` have answered is not told."""
    return tuple(_score(item, [answer[item] for answer in answers if item in answer]) for item in questions())


def _score(item: str, points: list[int]) -> Score:
    if len(points) < least_answers():
        return Score(item, len(points), None, None)
    choices = allowed(item)
    spread = {choice: points.count(choice) for choice in choices}
    return Score(item, len(points), float(score_percent(points, most=choices[-1])), spread)


def _row(item: str) -> Mapping[str, str]:
    scale = load("survey")
    row: Mapping[str, str] = scale["scale"]["recommend"] if item == RECOMMEND else scale["items"][item]
    return row
