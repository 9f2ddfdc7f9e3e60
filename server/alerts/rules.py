"""What the server does to an alert by its clock and by what it sees. Pure: a view in, a view out.

`by`: who is asked in which order, and how long a step may wait.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from server.alerts.conditions import Condition
from server.alerts.escalation import Escalation
from wardlink.clinical.alert_rules import alert_rule, is_call, is_higher
from wardlink.clock import ward_time
from wardlink.messages.alerts import AlertDeed, AlertEvent, AlertView
from wardlink.messages.calls import CallChanged
from wardlink.record.alerts import waiting

LEAST_BETWEEN_OFFERS = timedelta(seconds=60)
"""Once everybody has it: how often it rings anew at most."""


def raised(found: Condition, alert: str, now: datetime, by: Escalation, *, within: str | None = None) -> AlertView:
    """The alert of a condition, and offered to the first who is there; `within`: behind this other one."""
    view = AlertView(
        id=alert,
        encounter=found.encounter,
        bed=found.bed,
        code=found.code,
        priority=alert_rule(found.code).priority,
        subject=found.subject,
        cause=found.cause,
        detail=found.detail,
        state="raised",
        raised_at=now,
        since_at=now,
        within=within,
        events=(AlertEvent(deed="raised", at=now),),
    )
    return view if within is not None else offered(view, now, now, by)


def offered(view: AlertView, due_at: datetime, now: datetime, by: Escalation) -> AlertView:
    """The alert given to the next in its chain who is there now; anew to all, where nobody is left.

    `due_at` is when this step was due: after a pause of the server the steps that were due meanwhile follow at once.
    """
    rule = by.of(view.code)
    there = [step.role for step in by.steps(view.code) if step.is_there(ward_time(now).time())]
    left = [role for role in there if role not in view.offered_to]
    if not left:
        again = now + max(rule.answer_within, LEAST_BETWEEN_OFFERS)
        return view.model_copy(update={"state": "offered", "offers": view.offers + 1, "answer_by_at": again})
    event = AlertEvent(deed="offered", at=now, to=left[0])
    return view.model_copy(
        update={
            "state": "offered",
            "offered_to": (*view.offered_to, left[0]),
            "offers": view.offers + 1,
            "answer_by_at": due_at + rule.answer_within,
            "events": (*view.events, event),
        }
    )


def timed(view: AlertView, now: datetime, by: Escalation) -> AlertView:
    """The alert with the time until which somebody must have answered, after a person has said something."""
    rule = by.of(view.code)
    if view.state == "accepted" and view.accepted_at is not None:
        by_at = view.accepted_at + max(rule.arrive_within, timedelta(minutes=view.eta_min or 0))
    elif view.state == "offered":
        by_at = max(view.since_at, now) + rule.answer_within
    else:
        return view.model_copy(update={"answer_by_at": None})
    return view.model_copy(update={"answer_by_at": by_at})


def overdue(view: AlertView, now: datetime, by: Escalation) -> AlertView:
    """The alert after everything that was due until now: nobody took it, or who took it did not arrive."""
    while view.answer_by_at is not None and view.answer_by_at <= now:
        due_at = view.answer_by_at
        if view.state == "accepted":
            view = _told(waiting(view, since_at=now), "timed-out", now)
            due_at = now
        view = offered(view, due_at, now, by)
    return view


def again(view: AlertView, found: Condition, now: datetime, by: Escalation) -> AlertView:
    """The open alert with what is known of its cause now; it rings anew where that has become more urgent."""
    update = {"cause": found.cause, "detail": found.detail, "bed": found.bed, "code": found.code, "gone_at": None}
    priority = alert_rule(found.code).priority
    told = view.model_copy(update=update | {"priority": priority})
    if view.gone_at is not None:
        told = _told(told, "back", now)
    if view.state in ("resolved", "raised") or not is_higher(priority, view.priority):
        return told
    return timed(_told(waiting(told, since_at=now), "worse", now), now, by)


def gone(view: AlertView, now: datetime) -> AlertView:
    """The alert once its cause is no longer there: over, but for a grave one that nobody has taken yet."""
    if view.gone_at is not None and view.state != "accepted" and view.state != "arrived":
        return view
    latched = view.priority == "high" and not is_call(view.code) and view.accepted_at is None
    if latched:
        return _told(view.model_copy(update={"gone_at": now}), "gone", now)
    over = {"state": "resolved", "gone_at": now, "resolved_at": now, "answer_by_at": None}
    return _told(view.model_copy(update=over), "gone", now)


def followed(view: AlertView, call: CallChanged, now: datetime, by: Escalation) -> AlertView:
    """The alert of a call, as far as nurses have said that the call is."""
    if call.state == "raised":
        taken = view.state in ("accepted", "arrived")
        return timed(waiting(view, since_at=now), now, by) if taken else view
    state = "accepted" if call.state == "acknowledged" else call.state
    told = view.model_copy(
        update={
            "state": state,
            "accepted_at": call.acknowledged_at,
            "accepted_by": call.acknowledged_by,
            "accepted_name": call.acknowledged_name,
            "eta_min": call.eta_min,
            "arrived_at": call.arrived_at,
            "arrived_name": call.arrived_name,
        }
    )
    if told == view:
        return view
    deed: AlertDeed = "accepted" if state == "accepted" else "arrived"
    return timed(told if state == view.state else _told(told, deed, now), now, by)


def stood_behind(view: AlertView, other: str) -> AlertView:
    """The alert that nobody has taken, once another one stands for it and many like it."""
    return view.model_copy(update={"state": "raised", "within": other, "answer_by_at": None})


def ended_with(view: AlertView, other: AlertView) -> AlertView:
    """An alert that stood behind another, once somebody has dealt with that."""
    done = {"state": "resolved", "resolved_at": other.resolved_at, "resolved_name": other.resolved_name}
    return view.model_copy(update=done | {"outcome": other.outcome, "answer_by_at": None})


def _told(view: AlertView, deed: AlertDeed, now: datetime) -> AlertView:
    return view.model_copy(update={"events": (*view.events, AlertEvent(deed=deed, at=now))})
