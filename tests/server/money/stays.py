"""Stays as the rules of charging see them; hours are those of the ward's wall in November 2026."""

from __future__ import annotations

from datetime import UTC, datetime

from server.census import Place
from server.money.rules import Level, StayFacts
from tests.server.wards import STAY_1
from wardlink.clock import WARD_ZONE


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """An instant of November 2026, by the ward's wall."""
    return datetime(2026, 11, day, hour, minute, tzinfo=WARD_ZONE).astimezone(UTC)


def facts(
    admitted_at: datetime,
    discharged_at: datetime | None = None,
    *,
    moves: tuple[tuple[str, datetime], ...] = (),
    levels: tuple[tuple[str, datetime], ...] = (),
) -> StayFacts:
    """A stay in ward w1 at level 2, moved to other wards and levels at these instants."""
    begun = (("w1", admitted_at), *moves)
    ends = [*(since for _, since in moves), discharged_at]
    places = tuple(Place(ward, "b1", since, until) for (ward, since), until in zip(begun, ends, strict=True))
    known = tuple(Level(since, level) for level, since in (("level2", admitted_at), *levels))
    return StayFacts(STAY_1, admitted_at, discharged_at, places, known)
