"""May a sleeping patient be left asleep? A routine set at night waits for the morning where the risk is low."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from wardlink.clinical.news2 import News2, NotApplicable, PartialNews2
from wardlink.clinical.tables import load
from wardlink.clock import WARD_ZONE, ward_time


def is_night(at: datetime) -> bool:
    """Whether patients sleep at that instant; the first minute belongs to the night, the last hour's end does not."""
    row = load("night_sleep")["night"]
    hour = ward_time(at).hour
    return bool(hour >= row["from_h"] or hour < row["until_h"])


def deferred_until(
    due_at: datetime,
    *,
    asleep: bool,
    routine: bool,
    level: str,
    score: News2 | PartialNews2 | NotApplicable | None,
    scored_at: datetime | None,
) -> datetime | None:
    """Until when a set that is due at `due_at` may wait; None where it must be taken when it is due.

    Args:
        asleep: a nurse has seen the patient sleep.
        routine: only the level of care or the timetable asks for it: no order, fever, admission or operation does.
        level: the level of care.
        score: of the newest set; one that is not whole is no low risk, and neither is none.
        scored_at: when that set was taken.

    Never where NEWS2 is at the threshold or a single parameter is red, and never longer than the score holds.
    """
    risk = load("night_sleep")["risk"]
    if not (asleep and routine and is_night(due_at)) or level in risk["never_levels"]:
        return None
    if not isinstance(score, News2) or scored_at is None or scored_at > due_at:
        return None
    if score.total >= risk["wakes_from_news2"] or score.red:
        return None
    until_at = min(_morning(due_at), scored_at + timedelta(hours=risk["score_at_most_h"]))
    return until_at if until_at > due_at else None


def _morning(at: datetime) -> datetime:
    row = load("night_sleep")["night"]
    here = ward_time(at)
    on = here.date() + timedelta(days=1 if here.hour >= row["from_h"] else 0)
    return datetime.combine(on, time(row["until_h"]), WARD_ZONE)
