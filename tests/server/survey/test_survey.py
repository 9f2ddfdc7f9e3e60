"""The survey: one answer a stay, kept so that nobody finds out whose it is, and read from five on."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Table, select

from server.survey.models import SurveyAnswer, SurveyMark
from server.survey.service import has_answered, in_all, months, take, waiting
from tests.server.wards import NOW, STAY_1, SmallWard
from wardlink.errors import Collision
from wardlink.messages.surveys import AnswerSurvey

_ANSWER: Table = SurveyAnswer.__table__  # type: ignore[attr-defined]
_MARK: Table = SurveyMark.__table__  # type: ignore[attr-defined]


def answered(
    ward: SmallWard, n: int, *, food: int = 4, anonymous: bool = True, at: datetime = NOW, of: str = "w1"
) -> None:
    """So many more stays answer."""
    for _ in range(n):
        with ward.db.write() as conn:
            stay = f"stay-{len(conn.execute(select(_MARK)).all()):04d}"
            take(conn, of, stay, AnswerSurvey(points={"food": food}, anonymous=anonymous), at)


@pytest.mark.parametrize(
    ("n", "readable", "waits"), [(1, 0, 1), (4, 0, 4), (5, 5, 0), (6, 5, 1), (9, 5, 4), (10, 10, 0)]
)
def test_answers_can_be_read_five_at_a_time(ward: SmallWard, n: int, readable: int, waits: int) -> None:
    """A sixth alone would be the difference of two scores."""
    answered(ward, n)

    with ward.db.read() as conn:
        found = in_all(conn, ["w1"], None)
        assert (found.answers, waiting(conn, ["w1"])) == (readable, waits)
        food = next(score for score in found.scores if score.item == "food")
        assert food.percent == (80.0 if readable else None)


def test_a_stay_answers_once(ward: SmallWard) -> None:
    """Anonymous or not; the second one leaves nothing behind."""
    with ward.db.write() as conn:
        take(conn, "w1", STAY_1, AnswerSurvey(points={"food": 1}), NOW)
    for anonymous in (True, False):
        with pytest.raises(Collision), ward.db.write() as conn:
            take(conn, "w1", STAY_1, AnswerSurvey(points={"food": 5}, anonymous=anonymous), NOW)

    with ward.db.read() as conn:
        assert has_answered(conn, STAY_1)
        assert [row.points for row in conn.execute(select(_ANSWER))] == [{"food": 1}]


def test_nothing_joins_an_anonymous_answer_to_its_stay(ward: SmallWard) -> None:
    """No stay, no time, no number; and the order in which they lie is not that in which they came."""
    orders = set()
    for points in (1, 2, 3, 4):
        answered(ward, 1, food=points)
        with ward.db.read() as conn:
            rows = conn.execute(select(_ANSWER)).all()
            orders.add(tuple(row.points["food"] for row in rows))
    assert {(row.encounter, row.lot) for row in rows} == {(None, None)}
    assert set(_MARK.c.keys()) == {"encounter"}
    seen = set()
    for _ in range(40):
        with ward.db.write() as conn:
            conn.execute(_ANSWER.delete())
            conn.execute(_MARK.delete())
        for points in (1, 2, 3, 4):
            answered(ward, 1, food=points)
        with ward.db.read() as conn:
            seen.add(tuple(row.points["food"] for row in conn.execute(select(_ANSWER))))

    assert len(seen) > 5


def test_named_answers_do_not_give_the_anonymous_ones_away(ward: SmallWard) -> None:
    """Four named ones and one without a name do not make five: who is missing among the named would be known."""
    answered(ward, 4, anonymous=False)
    answered(ward, 1)

    with ward.db.read() as conn:
        assert (in_all(conn, ["w1"], None).answers, waiting(conn, ["w1"])) == (0, 5)
    answered(ward, 1, anonymous=False)
    with ward.db.read() as conn:
        assert (in_all(conn, ["w1"], None).answers, waiting(conn, ["w1"])) == (5, 1)


def test_an_answer_belongs_to_the_month_in_which_it_can_be_read(ward: SmallWard) -> None:
    """In the ward's own time: the first of December begins at 16:00 UTC."""
    november, december = datetime.fromisoformat("2026-11-30T15:59:59Z"), datetime.fromisoformat("2026-11-30T16:00:00Z")
    answered(ward, 5, at=november)
    answered(ward, 4, at=november, food=2)
    answered(ward, 1, at=december, food=2)

    with ward.db.read() as conn:
        found = months(conn, ["w1"])
        assert [(month.month, month.answers) for month in found] == [("2026-12", 5), ("2026-11", 5)]
        assert in_all(conn, ["w1"], "2026-12").scores[5].percent == 40.0


def test_wards_do_not_wait_together(ward: SmallWard) -> None:
    """Three of one ward and two of another tell nothing of either."""
    answered(ward, 3)
    answered(ward, 2, of="w2")

    with ward.db.read() as conn:
        assert in_all(conn, ["w1", "w2"], None).answers == 0


@pytest.mark.parametrize("points", [{}, {"food": 0}, {"food": 6}, {"recommend": 11}, {"recommend": -1}, {"soup": 3}])
def test_an_answer_is_one_of_those_offered(points: dict[str, int]) -> None:
    """Nothing else is taken."""
    with pytest.raises(ValueError, match="points"):
        AnswerSurvey(points=points)
