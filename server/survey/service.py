"""Takes answers and counts them.

An answer waits without a date until there are as many as may be read together, anonymous ones among themselves; then
all of them get the month of that day. Those that wait are written anew in an order drawn by lot with each that comes,
so that neither a time nor their place in the table joins an answer to the stay that was marked with it. And a score
never moves by one answer, from which that one could be worked out.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Table, delete, func, insert, select

from server.survey.models import SurveyAnswer, SurveyMark
from wardlink.clinical.survey import Score, least_answers, scores
from wardlink.clock import ward_time
from wardlink.errors import Collision
from wardlink.i18n import N_
from wardlink.messages.surveys import AnswerSurvey

_MARK: Table = SurveyMark.__table__  # type: ignore[attr-defined]
_ANSWER: Table = SurveyAnswer.__table__  # type: ignore[attr-defined]

_ONCE = N_("The survey of this stay was answered already. Thank you.")


@dataclass(frozen=True)
class Month:
    """What could first be read in a month. `answers`: how many; their scores follow."""

    month: str
    answers: int
    scores: tuple[Score, ...]


def has_answered(conn: Connection, encounter: str) -> bool:
    """Whether this stay has answered."""
    return conn.execute(select(_MARK.c.encounter).where(_MARK.c.encounter == encounter)).first() is not None


def take(conn: Connection, ward: str, encounter: str, answer: AnswerSurvey, now: datetime) -> None:
    """Keep an answer, and that this stay has given one.

    Raises:
        Collision: it has already.
    """
    if has_answered(conn, encounter):
        raise Collision(_ONCE)
    conn.execute(insert(_MARK).values(encounter=encounter))
    named = _ANSWER.c.encounter.is_(None) if answer.anonymous else _ANSWER.c.encounter.is_not(None)
    waiting = (_ANSWER.c.ward == ward) & _ANSWER.c.lot.is_(None) & named
    rows = [(row.encounter, row.points) for row in conn.execute(select(_ANSWER).where(waiting))]
    rows.append((None if answer.anonymous else encounter, dict(answer.points)))
    # Drawn by the system's own generator: a seed that can be guessed would give the order away.
    random.SystemRandom().shuffle(rows)
    lot = ward_time(now).strftime("%Y-%m") if len(rows) >= least_answers() else None
    conn.execute(delete(_ANSWER).where(waiting))
    conn.execute(
        insert(_ANSWER),
        [
            {"id": secrets.token_hex(16), "ward": ward, "lot": lot, "encounter": whose, "points": points}
            for whose, points in rows
        ],
    )


@dataclass(frozen=True)
class Named:
    """An answer whose patient gave their name."""

    ward: str
    month: str
    encounter: str
    points: dict[str, int]


def named(conn: Connection, wards: Collection[str], month: str | None) -> list[Named]:
    """The answers with a name that may be read, the newest month first."""
    query = select(_ANSWER).where(
        _ANSWER.c.ward.in_(wards), _ANSWER.c.lot.is_not(None), _ANSWER.c.encounter.is_not(None)
    )
    if month is not None:
        query = query.where(_ANSWER.c.lot == month)
    rows = conn.execute(query.order_by(_ANSWER.c.lot.desc(), _ANSWER.c.id))
    return [Named(row.ward, row.lot, row.encounter, row.points) for row in rows]


def waiting(conn: Connection, wards: Collection[str]) -> int:
    """How many answers of these wards cannot be read yet."""
    query = select(func.count()).select_from(_ANSWER).where(_ANSWER.c.ward.in_(wards), _ANSWER.c.lot.is_(None))
    return int(conn.execute(query).scalar_one())


def months(conn: Connection, wards: Collection[str]) -> list[Month]:
    """The scores of these wards together, month by month, the newest first."""
    rows = conn.execute(
        select(_ANSWER.c.lot, _ANSWER.c.points).where(_ANSWER.c.ward.in_(wards), _ANSWER.c.lot.is_not(None))
    )
    found: dict[str, list[dict[str, int]]] = {}
    for lot, points in rows:
        found.setdefault(lot, []).append(points)
    return [Month(month, len(found[month]), scores(found[month])) for month in sorted(found, reverse=True)]


def in_all(conn: Connection, wards: Collection[str], month: str | None) -> Month:
    """The scores of these wards of one month, or of all of them."""
    query = select(_ANSWER.c.points).where(_ANSWER.c.ward.in_(wards), _ANSWER.c.lot.is_not(None))
    if month is not None:
        query = query.where(_ANSWER.c.lot == month)
    points = list(conn.execute(query).scalars())
    return Month(month or "", len(points), scores(points))
