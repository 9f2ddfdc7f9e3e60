"""Rounds: a nurse has looked after a patient (巡视), and what shows that she was there."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from wardlink.ids import Id
from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.records import RecordView

Evidence = Literal["bed-tag", "wristband", "ticked"]
"""A scan at the bed, or only the nurse's word."""


class RecordRound(Message):
    """Fact: the nurse was at this patient. When and where stand in the envelope. `asleep`: the patient slept."""

    evidence: Evidence
    asleep: bool = False
    note: str | None = Field(default=None, max_length=200)


class StrikeRound(Message):
    """Fact: this round was entered by mistake."""

    round: Id
    reason: str = Field(min_length=1, max_length=200)


class RoundView(RecordView):
    """Change `round.changed`."""

    done_at: Instant
    by: Actor
    by_name: str | None = None
    evidence: Evidence
    asleep: bool = False
    note: str | None = None
    received_at: Instant | None = None
    struck_at: Instant | None = None
    struck_by: Actor | None = None
    struck_reason: str | None = None
