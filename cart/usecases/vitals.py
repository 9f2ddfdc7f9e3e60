"""Saving a set of vital signs, and striking one out. Both write to this cart's disk before they return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cart.usecases.examine import Exam, to_message
from wardlink.i18n import N_
from wardlink.messages.vitals import StrikeVitals

if TYPE_CHECKING:
    from cart.ports import Ward
    from cart.usecases.session import Session
    from wardlink.messages.commands import Command
    from wardlink.messages.encounters import EncounterView

PARTIAL_REASONS = (
    N_("only this was to be checked again"),
    N_("the rest follows within minutes"),
    N_("patient would not have more"),
    N_("device was not there"),
)
"""Why a round was left without some of its readings."""
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
