"""Who looks after a patient, and when they are there: by the ward's shifts, only as far as it is known. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

from wardlink.clinical.shifts import shift_at

CareRole = Literal["doctor", "nurse", "shift-nurse", "head-nurse", "therapist", "dietitian"]
"""In the order in which a patient reads them. `nurse`: who answers for the whole stay; `shift-nurse`: in one shift."""

ROLES: tuple[CareRole, ...] = get_args(CareRole)

Duty = Literal["now", "next", "over", "unknown"]
"""`over`: that shift has ended, or lies further ahead than the next one: nothing to say of it today."""


def duty(begins_at: datetime | None, now: datetime) -> Duty:
    """When somebody is there who has taken the shift that begins then; None: nobody has said when."""
    if begins_at is None:
        return "unknown"
    running = shift_at(now)
    if begins_at == running.begins_at:
        return "now"
    return "next" if begins_at == running.ends_at else "over"
