"""Isolation of a patient: begun and ended by a nurse who says why, with or without a network."""

from __future__ import annotations

from pydantic import Field

from wardlink.clinical.isolation import Precaution
from wardlink.ids import Id
from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.records import RecordView


class StartIsolation(Message):
    """Fact: from the instant in the envelope on, this patient is isolated like this."""

    precaution: Precaution
    reason: str = Field(min_length=1, max_length=200)


class EndIsolation(Message):
    """Fact: this isolation is over since the instant in the envelope."""

    isolation: Id
    reason: str = Field(min_length=1, max_length=200)


class StrikeIsolation(Message):
    """Fact: it was entered by mistake; it stays readable, with the reason."""

    isolation: Id
    reason: str = Field(min_length=1, max_length=200)


class IsolationView(RecordView):
    """Change `isolation.changed`. It holds until it is ended or struck out; on a device `received_at` may be None."""

    precaution: Precaution
    reason: str
    started_at: Instant
    by: Actor
    by_name: str | None = None
    device: str
    received_at: Instant | None = None
    ended_at: Instant | None = None
    ended_by: Actor | None = None
    ended_by_name: str | None = None
    ended_device: str | None = None
    end_reason: str | None = None
    struck_at: Instant | None = None
    struck_by: Actor | None = None
    struck_reason: str | None = None

    @property
    def holds(self) -> bool:
        """Whether the patient is isolated by it."""
        return self.ended_at is None and self.struck_at is None
