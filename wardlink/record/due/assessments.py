"""Assessments by their scales: first after admission, then as each level asks. Source: ward domain sheet 5."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from wardlink.i18n import N_
from wardlink.messages.encounters import EncounterView
from wardlink.record.assessments import ASSESSMENT
from wardlink.record.assessments_due import assessments_due
from wardlink.record.chart_events import CHART_EVENT
from wardlink.record.due.due import Due, Facts

_FIRST = N_("Admission assessments ({n})")
_AGAIN = N_("Assess again: {about}")


def assessments(facts: Facts, now: datetime) -> list[Due]:
    """Every scale that is due once more, and those of the admission as one; an operation asks for all of them anew."""
    stay = facts.stay
    operated = [event.at for event in facts.of(CHART_EVENT) if event.what == "surgery" and event.struck_at is None]
    due = assessments_due(stay, facts.of(ASSESSMENT), events=operated)
    first = [one for one in due if one.last is None]
    found = [_due(stay, one.due_at, one.due_at, one.last.id, _AGAIN, one.scale.label) for one in due if one.last]
    if first:
        at, how_many = first[0].due_at, {"n": str(len(first))}
        found.append(replace(_due(stay, stay.admitted_at, at, None, _FIRST), params=how_many))
    return found


def _due(
    stay: EncounterView, opens_at: datetime, due_at: datetime, why: str | None, text: str, about: str | None = None
) -> Due:
    # Overdue from the instant on at which it is due.
    return Due("assessment", stay.id, stay.bed, due_at, opens_at, due_at, why, text, about=about)
