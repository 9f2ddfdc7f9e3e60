"""The invented plan of rehabilitation that the sample ward begins with, written by the therapist of the ward."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from wardlink.clock import ward_date
from wardlink.messages.base import Actor
from wardlink.messages.rehabilitation import PlannedExercise, StartPlan

if TYPE_CHECKING:
    from server.core import Core

_BED = "12"
_THERAPIST = "r-linyue"
_GOAL = "【样例】扶助行器走到病房门口"
_ITEMS: tuple[dict[str, Any], ...] = (
    {"exercise": "ankle-pump", "per_day": 2, "sets": 2, "reps": 20},
    {"exercise": "heel-slide", "per_day": 2, "sets": 2, "reps": 10},
    {"exercise": "walking", "sets": 1, "minutes": 5, "assist": "one"},
)
_DAYS = timedelta(days=6)


def plan(core: Core, ward: str, stays: Mapping[str, str]) -> bool:
    """Give one patient a plan for the coming days, in a ward that has none yet; whether there is one now by this.

    `stays` by bed.
    """
    from server.record.service import records_of
    from wardlink.record.rehabilitation import REHAB_PLAN

    with core.db.read() as conn:
        has_one = bool(records_of(conn, REHAB_PLAN, ward=ward, limit=1))
    if has_one or _BED not in stays:
        return False
    today = ward_date(core.clock.now())
    items = tuple(PlannedExercise.model_validate(item) for item in _ITEMS)
    body = StartPlan(begin_on=today, until_on=today + _DAYS, goal=_GOAL, items=items)
    therapist = Actor(kind="staff", id=_THERAPIST)
    core.execute("rehab-plan.start", body, ward=ward, actor=therapist, encounter=stays[_BED], bed=_BED)
    return True
