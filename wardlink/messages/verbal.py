"""Doses given in a rescue on a doctor's word: the order is written afterwards, and until then somebody is asked."""

from __future__ import annotations

from pydantic import Field

from wardlink.ids import Id, Slug
from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.records import RecordView


class VerbalDose(Message):
    """What was said and given. `name` as it was said; `drug`: its code, where the pack was scanned or it is known.

    `doctor`: who said it, by staff id; `doctor_name` where that is not known. `read_back`: the nurse repeated it and
    the doctor confirmed. `witness`: the second nurse, by her badge.
    """

    name: str = Field(min_length=1, max_length=60)
    drug: str | None = Field(default=None, min_length=1, max_length=40)
    dose: float = Field(gt=0, le=1_000_000)
    unit: str = Field(min_length=1, max_length=20)
    route: str = Field(min_length=1, max_length=20)
    doctor: Slug | None = None
    doctor_name: str = Field(min_length=1, max_length=60)
    read_back: bool
    witness: Slug | None = None
    code: str | None = Field(default=None, max_length=160)
    note: str | None = Field(default=None, min_length=1, max_length=200)


class GiveVerbal(VerbalDose):
    """Fact: it was given; when, by whom and to whom stand in the envelope."""


class WriteVerbal(Message):
    """Request: a doctor says which order was written for it."""

    verbal: Id
    order: Id


class NameVerbalOverdue(Message):
    """Request of the server's clock: the order was not written in time."""

    verbal: Id


class StrikeVerbal(Message):
    """Fact: this was entered by mistake; it stays readable."""

    verbal: Id
    reason: str = Field(min_length=1, max_length=200)


class VerbalView(RecordView, VerbalDose):
    """Change `verbal.changed`. `order`: what was written for it. `overdue_at`: since when its being late is named."""

    given_at: Instant
    by: Actor
    by_name: str | None = None
    device: str
    received_at: Instant | None = None
    order: Id | None = None
    written_at: Instant | None = None
    written_by: Actor | None = None
    overdue_at: Instant | None = None
    struck_at: Instant | None = None
    struck_by: Actor | None = None
    struck_reason: str | None = None
