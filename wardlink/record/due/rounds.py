"""Rounds by the level of care. Source: ward domain sheet 1.4."""

from __future__ import annotations

from datetime import datetime

from wardlink.clinical.nursing import nursing_levels
from wardlink.i18n import N_
from wardlink.record.due.due import Due, Facts
from wardlink.record.rounds import ROUND, last_round

_TEXT = N_("Round")


def rounds(facts: Facts, now: datetime) -> list[Due]:
    """The next round; nothing where a nurse stays with the patient."""
    stay, level = facts.stay, nursing_levels()[facts.stay.level]
    last = last_round(facts.of(ROUND))
    # An hour counts from the last round, or from the admission where nobody has been there yet.
    begin_at = stay.admitted_at if last is None else last.done_at
    due_at, late_at = level.round_due_at(begin_at), level.round_overdue_at(begin_at)
    if due_at is None or late_at is None:
        return []
    return [Due("round", stay.id, stay.bed, due_at, due_at, late_at, last.id if last else None, _TEXT)]
