"""Three alerts of the invented ward: a grave one that has climbed, one that is taken, and one that stands for many."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cart.sample_stays import NURSE, SECOND_NURSE, sample_stays
from tests.cart.nurse import AT
from wardlink.clinical.alert_rules import AlertCode, alert_rule
from wardlink.messages.alerts import AlertDeed, AlertEvent, AlertView
from wardlink.messages.base import Actor


def minutes(n: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=n)


def alert(number: int, code: AlertCode, *, bed: str | None = None, age_min: float = 1, **fields: Any) -> AlertView:
    """An alert that is offered to the nurses, raised so many minutes ago."""
    at = AT - minutes(age_min)
    stay = next((stay for stay in sample_stays(AT) if stay.bed == bed), None)
    told: dict[str, Any] = {
        "id": f"00000000-0000-7000-8000-0000000a{number:04d}",
        "encounter": stay.id if stay else None,
        "bed": bed,
        "code": code,
        "priority": alert_rule(code).priority,
        "subject": f"vitals/{bed}",
        "state": "offered",
        "raised_at": at,
        "since_at": at,
        "offered_to": ("nurse",),
        "answer_by_at": AT + minutes(1),
        "events": (told_at("raised", at), told_at("offered", at, to="nurse")),
    }
    return AlertView.model_validate(told | fields)


def told_at(deed: AlertDeed, at: Any, **facts: Any) -> AlertEvent:
    """One line of an alert's story."""
    return AlertEvent(deed=deed, at=at, **facts)


_TWO = AT - minutes(2)
_ONE = AT - minutes(1)

ALERTS = (
    alert(
        1,
        "news2-high",
        bed="10",
        age_min=2,
        detail={"news2": "11"},
        offered_to=("nurse", "charge-nurse"),
        events=(
            told_at("raised", _TWO),
            told_at("offered", _TWO, to="nurse"),
            told_at("refused", _TWO, by=Actor(kind="staff", id=SECOND_NURSE.id), by_name="王芳", reason="抢救中"),
            told_at("offered", _ONE, to="charge-nurse"),
        ),
    ),
    alert(
        2,
        "infusion-ending",
        bed="12",
        age_min=3,
        detail={"left_ml": "28", "drug": "氯化钠注射液"},
        state="accepted",
        accepted_at=_ONE,
        accepted_by=Actor(kind="staff", id=NURSE.id),
        accepted_name=NURSE.name,
        eta_min=3,
    ),
    alert(3, "dose-overdue", age_min=20, members=7, subject="many/dose-overdue"),
)
