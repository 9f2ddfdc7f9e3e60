"""What must be remembered of a stay's sets to say its score and when the next round is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cart.usecases.scores import Scored, scored, to_show
from wardlink.clinical.news2 import News2, PartialNews2
from wardlink.clinical.nursing import Every, Situation, Trigger, due_times, fever_situation
from wardlink.clock import ward_date

if TYPE_CHECKING:
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.vitals import VitalsRecorded

LATE_AFTER = timedelta(minutes=15)
"""A round that is due is called late after so long. A default of this product."""

_ROUND = ("temp_c", "pulse_per_min", "rr_per_min", "sbp_mmhg", "spo2_pct", "acvpu")


@dataclass(frozen=True)
class History:
    """`whole`: the newest set with a whole score; `newest`: the newest scored set, whole or not.

    `round_at`: when somebody last went to measure, or wrote down why not. `fevers`: of each grade the
    newest reading; a lower one after it ends nothing.
    """

    whole: Scored | None = None
    newest: Scored | None = None
    round_at: datetime | None = None
    fevers: tuple[Trigger, ...] = ()

    @property
    def score(self) -> Scored | None:
        """What stands for the stay."""
        return to_show(self.whole, self.newest)


def learn(before: History, sets: Sequence[VitalsRecorded], stay: EncounterView) -> History:
    """`before`, and what these sets, oldest first, add to it. Struck sets add nothing."""
    known = before
    for found in sets:
        if found.struck_at is None:
            known = _learn_one(known, found, stay)
    return known


def _learn_one(known: History, found: VitalsRecorded, stay: EncounterView) -> History:
    here = scored(found, stay)
    at = found.measured_at
    if isinstance(here.assessment, News2) and (known.whole is None or at >= known.whole.found.measured_at):
        known = replace(known, whole=here)
    says = isinstance(here.assessment, News2) or (
        isinstance(here.assessment, PartialNews2) and any(part.points is not None for part in here.assessment.parts)
    )
    if says and (known.newest is None or at >= known.newest.found.measured_at):
        known = replace(known, newest=here)
    went = any(getattr(found.readings, key) is not None or key in found.not_measured for key in _ROUND)
    if found.source == "manual" and went and (known.round_at is None or at > known.round_at):
        known = replace(known, round_at=at)
    situation = None if found.readings.temp_c is None else fever_situation(found.readings.temp_c)
    if situation is not None:
        since_on = max([ward_date(at), *(f.since_on for f in known.fevers if f.situation is situation)])
        others = tuple(f for f in known.fevers if f.situation is not situation)
        known = replace(known, fevers=(*others, Trigger(situation, since_on)))
    return known


def next_due_at(history: History, stay: EncounterView, now: datetime) -> datetime | None:
    """When vital signs are next due; None where only the doctor's order says.

    The level of care, a new admission, fever and the score each ask; the one that asks most often decides.
    """
    begin_at = history.round_at or stay.admitted_at
    if history.round_at is None:
        return stay.admitted_at
    triggers: list[Trigger | Every] = [
        Trigger(Situation(stay.level), ward_date(stay.admitted_at)),
        Trigger(Situation.NEW_ADMISSION, ward_date(stay.admitted_at)),
        *history.fevers,
    ]
    score = history.score
    if score is not None and isinstance(score.assessment, News2 | PartialNews2) and score.assessment.response:
        # A monitor's partial score comes every second; it must not push the round before it for ever.
        since_at = score.found.measured_at if score.found.source == "manual" else begin_at
        triggers.append(Every(score.assessment.response.due_after, since_at.astimezone(UTC)))
    just_after = begin_at + timedelta(seconds=1)
    end_at = max(now, begin_at) + timedelta(days=2)
    return next(iter(due_times(triggers, start_at=just_after, end_at=end_at)), None)
