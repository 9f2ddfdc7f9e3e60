"""Saving a set of vital signs, and striking one out. Both write to this cart's disk before they return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cart.usecases.examine import Exam, to_message
from wardlink.clinical.vitals import VitalSet
from wardlink.i18n import N_
from wardlink.messages.vitals import StrikeVitals

if TYPE_CHECKING:
    from cart.ports import Ward
    from cart.usecases.session import Session
    from wardlink.messages.commands import Command
    from wardlink.messages.encounters import EncounterView

STRIKE_REASONS = (
    N_("wrong patient"),
    N_("wrong value"),
    N_("wrong time"),
    N_("entered twice"),
)


def save(ward: Ward, session: Session, stay: EncounterView, exam: Exam) -> Command:
    """Record a set that may be saved.

    Raises:
        ValueError: it may not be saved.
        MessageTooLarge, InvalidInput: a text that no message can hold; nothing was saved.
        StoreFailed: the disk did not take it; nothing was saved.
    """
    return ward.record(
        "vitals.record",
        to_message(exam),
        actor=session.actor,
        encounter=stay.id,
        bed=stay.bed,
        measured_at=exam.measured_at,
    )


def strike(ward: Ward, session: Session, stay: EncounterView, vitals_id: str, reason: str) -> Command:
    """Strike a set out; it stays readable, with the reason."""
    return ward.record(
        "vitals.strike",
        StrikeVitals(vitals=vitals_id, reason=reason),
        actor=session.actor,
        encounter=stay.id,
        bed=stay.bed,
    )


def last_body(ward: Ward, encounter: str) -> VitalSet:
    """The newest weight and height of a stay: what a new one is compared with."""
    latest = ward.replica.latest(encounter)
    return VitalSet.model_validate({key: latest[key].value for key in ("weight_kg", "height_cm") if key in latest})
