"""Reminders in the ward record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from wardlink.messages.reminders import ReminderView
from wardlink.record.kind import Fold, Kind, Said


def _added(known: ReminderView | None, said: Said) -> ReminderView:
    command, body = said.command, said.body
    return known or ReminderView(
        id=command.id,
        encounter=command.encounter,
        bed=command.bed,
        text=body.text,
        due_at=body.due_at,
        added_at=command.measured_at,
        by=command.actor,
        by_name=said.actor_name,
    )


def _done(known: ReminderView | None, said: Said) -> ReminderView | None:
    if known is None or known.done_at is not None:
        return known
    command = said.command
    marks = {"done_at": command.measured_at, "done_by": command.actor, "done_name": said.actor_name}
    return known.model_copy(update=marks | {"note": said.body.note})


def _struck(known: ReminderView | None, said: Said) -> ReminderView | None:
    if known is None or known.struck_at is not None:
        return known
    marks = {"struck_at": said.command.entered_at, "struck_by": said.command.actor, "struck_reason": said.body.reason}
    return known.model_copy(update=marks)


def _reminder(command: Any, body: Any) -> str:
    return str(body.reminder)


REMINDER = Kind(
    "reminder",
    ReminderView,
    at=lambda view: view.due_at,
    folds={
        "reminder.add": Fold(_added),
        "reminder.done": Fold(_done, target=_reminder),
        "reminder.strike": Fold(_struck, target=_reminder),
    },
    is_open=lambda view: view.state == "open",
    state=lambda view: view.state,
    kept_for=timedelta(hours=24),
)
