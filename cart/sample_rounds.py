"""Invented rounds and beds taken in the invented ward: most in time, one overdue, one just due."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from wardlink.clinical.shifts import shift_at
from wardlink.messages.assignments import AssignmentStep, AssignmentView
from wardlink.messages.base import Actor
from wardlink.messages.encounters import EncounterView
from wardlink.messages.records import RecordView
from wardlink.messages.rounds import RoundView
from wardlink.record.assignments import assignment_id

_NAMES = uuid.UUID("7f1d0c3c-3d1e-5a69-9f0e-55d0f2a1c0de")
_OTHER = Actor(kind="staff", id="n-wangfang")

# Bed, minutes ago.
_ROUNDS = (
    ("1", 35),
    ("2", 150),
    ("3", 100),
    ("5", 170),
    ("6", 40),
    ("8", 110),
    ("9", 20),
    ("10", 65),
    ("12", 95),
)
_TAKEN = ("8", "9")


def sample_rounds(stays: list[EncounterView], now: datetime) -> dict[tuple[str, str], RecordView]:
    """The last round of every bed, and the beds that another nurse has taken, by kind and id."""
    in_bed = {stay.bed: stay for stay in stays}
    found: dict[tuple[str, str], RecordView] = {}
    for bed, minutes in _ROUNDS:
        name, at = str(uuid.uuid5(_NAMES, bed)), now - timedelta(minutes=minutes)
        found["round", name] = RoundView(
            id=name,
            encounter=in_bed[bed].id,
            bed=bed,
            done_at=at,
            by=_OTHER,
            by_name="王芳",
            evidence="bed-tag",
            received_at=at,
        )
    begins_at = shift_at(now).begins_at
    for bed in _TAKEN:
        name = assignment_id(in_bed[bed].ward, bed, begins_at)
        command = str(uuid.uuid5(_NAMES, f"taken {bed}"))
        step = AssignmentStep(command=command, takes=True, at=begins_at, by=_OTHER, by_name="王芳")
        found["assignment", name] = AssignmentView(id=name, bed=bed, shift_at=begins_at, steps=(step,))
    return found
