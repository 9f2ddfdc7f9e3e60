"""A dose that a nurse is about to give, shown to the patient on the bed's screen: right like this, or a question."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from wardlink.ids import Id
from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.orders import OrderedDrug
from wardlink.messages.records import RecordView

DoseAnswer = Literal["yes", "query"]
"""`query` stops nothing by itself: a person deals with it."""


class AskDose(Message):
    """Fact: a nurse began with this dose at this bed. `dose` is None where it is given when needed and has none yet.

    `indication`: what its order says it is for.
    """

    order: Id
    dose: Id | None = None
    items: tuple[OrderedDrug, ...] = Field(min_length=1, max_length=10)
    route: str | None = Field(default=None, max_length=20)
    indication: str | None = Field(default=None, max_length=100)


class AnswerDose(Message):
    """Fact: the patient touched one of the two answers."""

    ask: Id
    answer: DoseAnswer


class EndDoseAsk(Message):
    """Fact: the nurse has left the bed; nobody waits for an answer any more."""

    ask: Id


class DoseAskView(RecordView):
    """Change `dose-ask.changed`. The first answer stands; what the nurse did about a question stands in its case."""

    order: Id
    dose: Id | None = None
    items: tuple[OrderedDrug, ...]
    route: str | None = None
    indication: str | None = None
    asked_at: Instant
    by: Actor
    by_name: str | None = None
    answer: DoseAnswer | None = None
    answered_at: Instant | None = None
    ended_at: Instant | None = None
