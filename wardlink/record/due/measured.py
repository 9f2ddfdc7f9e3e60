"""What must be remembered of a stay's sets to say its score and when somebody must measure again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from wardlink.clinical.news2 import News2, PartialNews2
from wardlink.clinical.nursing import Trigger, fever_situation
from wardlink.clinical.set_window import window
from wardlink.clock import ward_date
from wardlink.messages.encounters import EncounterView
from wardlink.messages.scored import Scored, scored_together, to_show
from wardlink.messages.vitals import VitalsRecorded

LOOK_BACK = timedelta(days=3)
"""Older sets make nothing due any more: fever asks for so many days."""

_ROUND = ("temp_c", "pulse_per_min", "rr_per_min", "sbp_mmhg", "spo2_pct", "acvpu")


@dataclass(frozen=True)
class Measured:
    """`whole`: the newest set with a whole score; `newest`: the newest scored set, whole or not.

    `round_at`: when somebody last went to measure, or wrote down why not; `round_id` is that set. `fevers`: of each
    grade the newest reading; a lower one after it ends nothing. `pain_at`: when somebody last asked about pain;
    `temp_at`: when the temperature was last taken. `round_sets`: what nurses entered last, near enough to each other to
    be one set.
    """

    whole: Scored | None = None
    newest: Scored | None = None
    round_at: datetime | None = None
    round_id: str | None = None
    fevers: tuple[Trigger, ...] = ()
    pain_at: datetime | None = None
    temp_at: datetime | None = None
    round_sets: tuple[VitalsRecorded, ...] = ()

    @property
    def score(self) -> Scored | None:
        """What stands for the stay."""
        return to_show(self.whole, self.newest)


def learn(before: Measured, sets: Sequence[VitalsRecorded], stay: EncounterView) -> Measured:
    """`before`, and what these sets, oldest first, add to it. Struck sets add nothing."""
    known = before
    for found in sets:
        if found.struck_at is None:
            known = _learn_one(known, found, stay)
    return known


def _learn_one(known: Measured, found: VitalsRecorded, stay: EncounterView) -> Measured:
    here = scored_together(found, known.round_sets, stay)
    at = found.measured_at
    if found.source == "manual":
        near = tuple(other for other in known.round_sets if abs(at - other.measured_at) <= window())
        known = replace(known, round_sets=(*near, found))
    if isinstance(here.assessment, News2) and (known.whole is None or at >= known.whole.found.measured_at):
        known = replace(known, whole=here)
    says = isinstance(here.assessment, News2) or (
        isinstance(here.assessment, PartialNews2) and any(part.points is not None for part in here.assessment.parts)
    )
    if says and (known.newest is None or at >= known.newest.found.measured_at):
        known = replace(known, newest=here)
    went = any(getattr(found.readings, key) is not None or key in found.not_measured for key in _ROUND)
    if found.source == "manual" and went and (known.round_at is None or at > known.round_at):
        known = replace(known, round_at=at, round_id=found.id)
    if _asks_pain(found) and (known.pain_at is None or at > known.pain_at):
        known = replace(known, pain_at=at)
    if found.readings.temp_c is not None and (known.temp_at is None or at > known.temp_at):
        known = replace(known, temp_at=at)
    situation = None if found.readings.temp_c is None else fever_situation(found.readings.temp_c)
    if situation is not None:
        since_on = max([ward_date(at), *(f.since_on for f in known.fevers if f.situation is situation)])
        others = tuple(f for f in known.fevers if f.situation is not situation)
        known = replace(known, fevers=(*others, Trigger(situation, since_on)))
    return known


def _asks_pain(found: VitalsRecorded) -> bool:
    return found.readings.pain_nrs is not None or "pain_nrs" in found.not_measured
