"""Vital signs: the timetable of the ward, and the interval that a NEWS2 score asks for.

Source: ward domain sheet 1.5 and 2.3. The one that asks most often decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from wardlink.clinical.news2 import News2, PartialNews2, Response
from wardlink.clinical.night_sleep import deferred_until, is_night
from wardlink.clinical.nursing import Every, Situation, Trigger, due_times, recheck_after_cooling_at
from wardlink.clock import WARD_ZONE, ward_date
from wardlink.i18n import N_
from wardlink.messages.chart_events import ChartEventView
from wardlink.messages.encounters import EncounterView
from wardlink.messages.orders import OrderView
from wardlink.record.chart_events import CHART_EVENT
from wardlink.record.due.due import Due, Facts, grace, lapses_after
from wardlink.record.due.measured import Measured
from wardlink.record.orders import ORDER
from wardlink.record.rounds import ROUND, last_round

_FIRST = N_("First vital signs")
_AGAIN = N_("Vital signs")
_SCORED = N_("Vital signs (NEWS2 {score})")
_AFTER_SLEEP = N_("Vital signs (was left asleep)")
_COOLED = N_("Temperature after cooling")

_DAY = timedelta(days=1)


def vitals(facts: Facts, now: datetime) -> list[Due]:
    """The next set that somebody must measure; nothing where only the doctor's order says when."""
    stay, measured = facts.stay, facts.measured
    due_at = next_due_at(measured, stay, now, facts.of(ORDER), facts.of(CHART_EVENT))
    if due_at is None:
        return []
    if measured.round_at is None:
        return [_due(stay, due_at, due_at + grace("first-vitals"), None, _FIRST, {})]
    sleeps_until = _may_sleep_until(facts, due_at)
    if sleeps_until is not None:
        return [_due(stay, sleeps_until, sleeps_until + grace("vitals"), measured.round_id, _AFTER_SLEEP, {})]
    asked = _asked_by_score(measured, measured.round_at)
    if asked is None or asked[1] + asked[0].due_after != due_at:
        return [_due(stay, due_at, due_at + grace("vitals"), measured.round_id, _AGAIN, {})]
    response, since_at = asked
    score = measured.score
    params = {"score": score.text if score else ""}
    return [_due(stay, due_at, since_at + response.overdue_after, measured.round_id, _SCORED, params)]


def cooling(facts: Facts, now: datetime) -> list[Due]:
    """The temperature again after the newest cooling, until it was taken or nothing is gained by it."""
    stay = facts.stay
    cooled = [event for event in facts.of(CHART_EVENT) if event.what == "cooling" and event.struck_at is None]
    if not cooled:
        return []
    last = max(cooled, key=lambda event: (event.at, event.id))
    due_at, temp_at = recheck_after_cooling_at(last.at), facts.measured.temp_at
    if (temp_at is not None and temp_at > last.at) or now > due_at + lapses_after("cooling"):
        return []
    return [Due("cooling", stay.id, stay.bed, due_at, due_at, due_at + grace("cooling"), last.id, _COOLED)]


def next_due_at(
    measured: Measured,
    stay: EncounterView,
    now: datetime,
    orders: Iterable[OrderView] = (),
    events: Iterable[ChartEventView] = (),
) -> datetime | None:
    """When vital signs are next due; None where only the doctor's order says.

    The level of care, a new admission, an operation tomorrow or lately, fever and the score each ask; the one that
    asks most often decides. How grave an operation was is not known: the row for the lesser ones is the least.
    """
    if measured.round_at is None:
        return stay.admitted_at
    asking = [_level(stay), *_special(measured, stay, orders, events)]
    return _next(measured, measured.round_at, now, asking)


def planned_times(
    measured: Measured, stay: EncounterView, *, start_at: datetime, end_at: datetime
) -> tuple[datetime, ...]:
    """When the timetable asks from `start_at` up to, not including, `end_at`, as far as a bed's terminal can know:
    by the level of care, a new admission and fever. Nothing lies before the admission."""
    triggers = [_level(stay), *_special(measured, stay, (), ())]
    return due_times(triggers, start_at=max(start_at, stay.admitted_at), end_at=max(end_at, stay.admitted_at))


def _level(stay: EncounterView) -> Trigger:
    return Trigger(Situation(stay.level), ward_date(stay.admitted_at))


def _special(
    measured: Measured, stay: EncounterView, orders: Iterable[OrderView], events: Iterable[ChartEventView]
) -> list[Trigger]:
    """What asks for more than the level of care does."""
    operated = [ward_date(event.at) for event in events if event.what == "surgery" and event.struck_at is None]
    tomorrow = [ward_date(order.start_at) - _DAY for order in orders if _operates(order)]
    return [
        Trigger(Situation.NEW_ADMISSION, ward_date(stay.admitted_at)),
        *(Trigger(Situation.BEFORE_SURGERY, on) for on in tomorrow),
        *(Trigger(Situation.MINOR_SURGERY, on) for on in operated),
        *measured.fevers,
    ]


def _next(measured: Measured, begin_at: datetime, now: datetime, triggers: list[Trigger]) -> datetime | None:
    """The first instant after `begin_at` at which these triggers, or the score, ask."""
    asked = _asked_by_score(measured, begin_at)
    every = [] if asked is None else [Every(asked[0].due_after, asked[1])]
    just_after = begin_at + timedelta(seconds=1)
    end_at = max(now, begin_at) + timedelta(days=2)
    return next(iter(due_times([*triggers, *every], start_at=just_after, end_at=end_at)), None)


def _may_sleep_until(facts: Facts, due_at: datetime) -> datetime | None:
    """Until when the set may wait, where a nurse on her round has seen the patient sleep; None where it may not."""
    stay, measured, seen = facts.stay, facts.measured, last_round(facts.of(ROUND))
    score = measured.whole
    if seen is None or not seen.asleep or not is_night(seen.done_at) or score is None or measured.round_at is None:
        return None
    if measured.newest is not None and measured.newest.found.measured_at > score.found.measured_at:
        # A newer set that is not whole: nobody knows that the risk is low.
        return None
    midnight = datetime.combine(ward_date(due_at), time(), WARD_ZONE)
    special = _special(measured, stay, facts.of(ORDER), facts.of(CHART_EVENT))
    return deferred_until(
        due_at,
        asleep=seen.done_at >= measured.round_at,
        routine=not due_times(special, start_at=midnight, end_at=midnight + _DAY),
        level=stay.level,
        score=score.assessment,
        scored_at=score.found.measured_at,
    )


def _asked_by_score(measured: Measured, begin_at: datetime) -> tuple[Response, datetime] | None:
    """What the score that stands asks for, and since when."""
    score = measured.score
    if score is None or not isinstance(score.assessment, News2 | PartialNews2) or not score.assessment.response:
        return None
    # A monitor's partial score comes every second; it must not push the round before it for ever.
    since_at = score.found.measured_at if score.found.source == "manual" else begin_at
    return score.assessment.response, since_at.astimezone(UTC)


def _operates(order: OrderView) -> bool:
    return order.category == "operation" and order.state == "active"


def _due(
    stay: EncounterView, due_at: datetime, closes_at: datetime, why: str | None, text: str, params: dict[str, str]
) -> Due:
    return Due("vitals", stay.id, stay.bed, due_at, due_at, closes_at, why, text, params)
