"""Consultations at the bed: whom one can ask, how far a consultation is, and when somebody must have come.

Source: ward domain sheet 10.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Literal

from wardlink.clinical.tables import load
from wardlink.i18n import N_, gettext

ConsultState = Literal["requested", "accepted", "scheduled", "in_progress", "opinion_signed", "closed", "declined"]
ConsultAct = Literal["accept", "schedule", "begin", "sign", "close", "decline"]
Urgency = Literal["routine", "emergency"]
Form = Literal["bedside", "video"]

MOVES: dict[tuple[ConsultState, ConsultAct], ConsultState] = {
    ("requested", "accept"): "accepted",
    # In an emergency one comes first and writes afterwards.
    ("requested", "begin"): "in_progress",
    ("requested", "decline"): "declined",
    ("accepted", "schedule"): "scheduled",
    ("accepted", "begin"): "in_progress",
    ("accepted", "decline"): "declined",
    # Another time.
    ("scheduled", "schedule"): "scheduled",
    ("scheduled", "begin"): "in_progress",
    ("scheduled", "decline"): "declined",
    ("in_progress", "sign"): "opinion_signed",
    ("opinion_signed", "close"): "closed",
}

AWAITED: frozenset[ConsultState] = frozenset({"requested", "accepted", "scheduled"})
"""Nobody has come yet."""

OPEN: frozenset[ConsultState] = AWAITED | {"in_progress", "opinion_signed"}
"""Somebody still has to do something."""

STATES: dict[ConsultState, str] = {
    "requested": N_("waits for the team"),
    "accepted": N_("accepted by the team"),
    "scheduled": N_("arranged"),
    "in_progress": N_("under way"),
    "opinion_signed": N_("opinion signed"),
    "closed": N_("consultation finished"),
    "declined": N_("does not take place"),
}
FORMS: dict[Form, str] = {"bedside": N_("at the bed"), "video": N_("by video")}
URGENCIES: dict[Urgency, str] = {"routine": N_("within 24 hours"), "emergency": N_("emergency, within 10 minutes")}


@dataclass(frozen=True)
class Specialty:
    """A kind of help: `text` in a patient's words, `label` the team that comes."""

    code: str
    text: str
    label: str

    def patient_text(self) -> str:
        """What the patient touches."""
        return gettext(self.text)

    def team_text(self) -> str:
        """Who comes."""
        return gettext(self.label)


@cache
def specialties() -> Mapping[str, Specialty]:
    """All of them by their code, in the order in which they are shown."""
    return {code: Specialty(code, row["text"], row["label"]) for code, row in load("consults")["specialties"].items()}


def after(state: ConsultState, act: ConsultAct) -> ConsultState | None:
    """The state after an act; None where it is no move."""
    return MOVES.get((state, act))


def deadline_at(requested_at: datetime, urgency: Urgency) -> datetime:
    """Until when somebody must have come."""
    rule = load("consults")["deadline"]
    within = timedelta(minutes=rule["emergency_min"]) if urgency == "emergency" else timedelta(hours=rule["routine_h"])
    return requested_at + within


def is_overdue(state: ConsultState, requested_at: datetime, urgency: Urgency, now: datetime) -> bool:
    """Whether somebody should have come by now, and nobody has; at the deadline itself not yet."""
    return state in AWAITED and now > deadline_at(requested_at, urgency)


def team_text(specialty: str) -> str:
    """The team of a specialty; its code where no table knows it."""
    known = specialties().get(specialty)
    return known.team_text() if known is not None else specialty


def state_text(state: ConsultState) -> str:
    """How far it is, in words."""
    return gettext(STATES[state])


def form_text(form: Form) -> str:
    """How one meets."""
    return gettext(FORMS[form])


def urgency_text(urgency: Urgency) -> str:
    """How soon somebody must come."""
    return gettext(URGENCIES[urgency])
