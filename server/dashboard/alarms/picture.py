"""An open alert as the pages show it, in the language of the context. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from server.alerts.escalation import Escalation
from server.dashboard.tile import millis
from wardlink.clinical.alert_rules import PRIORITIES, is_call
from wardlink.messages.alert_words import detail_text, event_text, marked, priority_text, role_text, state_text, title
from wardlink.messages.alerts import AlertView


def in_order(views: Iterable[AlertView]) -> list[AlertView]:
    """Those nobody has first, then by urgency and age; what stands behind an alert for many is left out."""
    shown = [view for view in views if view.state != "resolved" and view.within is None]
    return sorted(shown, key=lambda v: (v.state != "offered", PRIORITIES.index(v.priority), v.raised_at, v.id))


def picture(view: AlertView, bed: str, name: str, by: Escalation) -> dict[str, Any]:
    """What stands in its row. `bed`: the bed's label; `name`: the patient's, masked; both may be empty; `by`: whom the
    chain asks."""
    steps = [step.role for step in by.steps(view.code)]
    roles = dict.fromkeys((*steps, *view.offered_to))
    return {
        "id": view.id,
        "is_call": is_call(view.code),
        "priority": view.priority,
        "mark": marked(view),
        "urgency": priority_text(view.priority),
        "bed": bed,
        "name": name,
        "title": title(view),
        "detail": detail_text(view),
        "state": view.state,
        "said": state_text(view),
        "since": millis(view.since_at),
        "raised": millis(view.raised_at),
        "answer_by": None if view.answer_by_at is None else millis(view.answer_by_at),
        "chain": [{"role": role_text(role), "asked": role in view.offered_to} for role in roles],
        "story": [{"at": millis(event.at), "text": event_text(view, n)} for n, event in enumerate(view.events)],
    }
