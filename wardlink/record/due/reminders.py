"""What a nurse wanted to be reminded of: the one thing due that is stored."""

from __future__ import annotations

from datetime import datetime

from wardlink.i18n import N_
from wardlink.record.due.due import Due, Facts, grace
from wardlink.record.reminders import REMINDER

_TEXT = N_("Reminder: {text}")


def reminders(facts: Facts, now: datetime) -> list[Due]:
    """Reminders that are neither done nor struck out."""
    stay = facts.stay
    return [
        Due(
            "reminder",
            stay.id,
            stay.bed,
            found.due_at,
            min(found.added_at, found.due_at),
            found.due_at + grace("reminder"),
            found.id,
            _TEXT,
            {"text": found.text},
        )
        for found in facts.of(REMINDER)
        if found.state == "open"
    ]
