"""Reminders: what a nurse wants to be reminded of about one patient. All else that is due follows from the record."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from wardlink.ids import Id
from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.records import RecordView

ReminderState = Literal["open", "done", "struck"]


class AddReminder(Message):
    """Fact: a nurse wants this to be remembered then. Whose it is about stands in the envelope."""

    text: str = Field(min_length=1, max_length=200)
    due_at: Instant


class FinishReminder(Message):
    """Fact: it was done."""

    reminder: Id
    note: str | None = Field(default=None, min_length=1, max_length=200)


class StrikeReminder(Message):
    """Fact: it was entered by mistake, or is not needed any more."""

    reminder: Id
    reason: str = Field(min_length=1, max_length=200)


class ReminderView(RecordView):
    """Change `reminder.changed`. Whatever was said about it first stands; both stay readable."""

    text: str
    due_at: Instant
    added_at: Instant
    by: Actor
    by_name: str | None = None
    done_at: Instant | None = None
    done_by: Actor | None = None
    done_name: str | None = None
    note: str | None = None
    struck_at: Instant | None = None
    struck_by: Actor | None = None
    struck_reason: str | None = None

    @property
    def state(self) -> ReminderState:
        """Struck out, done, or waiting still."""
        return "struck" if self.struck_at is not None else "done" if self.done_at is not None else "open"
