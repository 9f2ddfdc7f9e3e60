"""Alerts: something in the ward that asks for a person, and what people say about it until it is dealt with.

The server raises, offers and offers anew; nurses take, refuse, hand on, arrive and resolve. A patient's call has
its own commands (`calls`); its alert follows it.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from wardlink.clinical.alert_rules import AlertCode, Priority
from wardlink.ids import Id, Slug
from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.records import RecordView

AlertState = Literal["raised", "offered", "accepted", "arrived", "resolved"]
"""`raised`: it stands behind the one alert that stands for many, and is offered with it."""

AlertDeed = Literal[
    "raised", "offered", "worse", "timed-out", "accepted", "refused", "handed-on", "arrived", "resolved", "gone", "back"
]


class OfAlert(Message):
    """Which alert is meant."""

    alert: Id


class AcceptAlert(OfAlert):
    """Fact: somebody sees to it, and says in how many minutes."""

    eta_min: int | None = Field(default=None, ge=0, le=120)


class RefuseAlert(OfAlert):
    """Fact: somebody cannot see to it now. It stays with everybody else it was offered to."""

    reason: str = Field(min_length=1, max_length=200)


class HandOnAlert(OfAlert):
    """Fact: somebody gives it to a role besides those that have it already, and says why."""

    to: Slug
    reason: str = Field(min_length=1, max_length=200)


class ArriveAtAlert(OfAlert):
    """Fact: somebody is there."""


class ResolveAlert(OfAlert):
    """Fact: it is dealt with."""

    outcome: str = Field(min_length=1, max_length=200)


class AlertEvent(Message):
    """One thing that happened to an alert. `command` None: the server did it by its clock."""

    deed: AlertDeed
    at: Instant
    command: Id | None = None
    by: Actor | None = None
    by_name: str | None = None
    to: str | None = None
    reason: str | None = None
    eta_min: int | None = None


class AlertView(RecordView):
    """Change `alert.changed`: an alert as everybody holds it.

    `subject`: what it is about, the same for all alerts of one trouble. `cause`: the record that raised it.
    `since_at`: since when it waits for somebody; what was accepted before counts no more. `offered_to`: every role
    that has it, in the order in which they got it. `answer_by_at`: when the server goes on by itself.
    `gone_at`: since when its cause is no longer there. `within`: the alert of many that it stands behind;
    `members`: how many open ones stand behind this one.
    """

    code: AlertCode
    priority: Priority
    subject: str = Field(max_length=120)
    cause: str | None = None
    detail: dict[str, str] = Field(default_factory=dict)
    state: AlertState = "offered"
    raised_at: Instant
    since_at: Instant
    offered_to: tuple[str, ...] = ()
    offers: int = 0
    answer_by_at: Instant | None = None
    accepted_at: Instant | None = None
    accepted_by: Actor | None = None
    accepted_name: str | None = None
    eta_min: int | None = None
    arrived_at: Instant | None = None
    arrived_name: str | None = None
    resolved_at: Instant | None = None
    resolved_name: str | None = None
    outcome: str | None = None
    gone_at: Instant | None = None
    within: Id | None = None
    members: int = 0
    events: tuple[AlertEvent, ...] = ()


class AlertNotice(Message):
    """What goes to the carts beside the changes, so that it does not wait behind them: the view of change `seq`."""

    v: int = 1
    log: str
    seq: int
    view: AlertView
