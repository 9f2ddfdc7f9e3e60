"""Alerts as the cart holds them: which comes first, for whom it rings, and what a nurse says about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from wardlink.clinical.alert_rules import PRIORITIES, Priority
from wardlink.i18n import N_
from wardlink.messages.alerts import (
    AcceptAlert,
    AlertView,
    ArriveAtAlert,
    HandOnAlert,
    OfAlert,
    RefuseAlert,
    ResolveAlert,
)

if TYPE_CHECKING:
    from cart.ports import Ward
    from cart.usecases.session import Session
    from wardlink.messages.commands import Command

RING_EVERY_S: Mapping[Priority, float] = {"high": 3.0, "medium": 10.0, "low": 60.0}
"""How often an alert that nobody has taken sounds again where it is offered."""

REFUSALS = (N_("with another patient"), N_("resuscitating"), N_("off the ward"))
HAND_ON_REASONS = (N_("needs a doctor"), N_("needs a second pair of hands"), N_("end of my shift"))
HAND_ON_TO = ("charge-nurse", "head-nurse", "doctor")
OUTCOMES = (N_("seen, measures taken"), N_("doctor informed"), N_("false alarm"))


def open_alerts(views: Iterable[AlertView]) -> list[AlertView]:
    """Alerts that are not over, those nobody has first, then by urgency and age.

    A patient's call is not among them, it stands with the calls; nor what stands behind an alert for many.
    """
    found = [
        view for view in views if view.state != "resolved" and view.within is None and not view.code.startswith("call-")
    ]
    return sorted(found, key=lambda v: (v.state != "offered", PRIORITIES.index(v.priority), v.raised_at, v.id))


def rings_for(view: AlertView, session: Session | None) -> bool:
    """Whether it waits for somebody like the one who is signed in, who has not said that he cannot.

    A cart at which nobody is signed in speaks to any nurse near it, of what cannot wait.
    """
    if session is None:
        return view.state == "offered" and "nurse" in view.offered_to and view.priority != "low"
    if view.state != "offered" or session.staff.role not in view.offered_to:
        return False
    mine = [event for event in view.events if event.by == session.actor and event.at >= view.since_at]
    return not any(event.deed in ("refused", "handed-on") for event in mine)


def accept(ward: Ward, session: Session, view: AlertView, eta_min: int) -> Command:
    """See to it, and say in how many minutes."""
    return _record(ward, session, view, "alert.accept", AcceptAlert(alert=view.id, eta_min=eta_min))


def refuse(ward: Ward, session: Session, view: AlertView, reason: str) -> Command:
    """Say that it must be somebody else, and why."""
    return _record(ward, session, view, "alert.refuse", RefuseAlert(alert=view.id, reason=reason))


def hand_on(ward: Ward, session: Session, view: AlertView, to: str, reason: str) -> Command:
    """Give it to another role besides."""
    return _record(ward, session, view, "alert.hand-on", HandOnAlert(alert=view.id, to=to, reason=reason))


def arrive(ward: Ward, session: Session, view: AlertView) -> Command:
    """Say that somebody is there."""
    return _record(ward, session, view, "alert.arrive", ArriveAtAlert(alert=view.id))


def resolve(ward: Ward, session: Session, view: AlertView, outcome: str) -> Command:
    """Say what was done."""
    return _record(ward, session, view, "alert.resolve", ResolveAlert(alert=view.id, outcome=outcome))


def _record(ward: Ward, session: Session, view: AlertView, kind: str, body: OfAlert) -> Command:
    return ward.record(kind, body, actor=session.actor, encounter=view.encounter, bed=view.bed)
