"""Consultations: asked for at the bed or by a doctor, arranged, held, and answered.

What doctors write to each other stands in a note of its own, which no terminal of a bed ever gets.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from wardlink.clinical.consult_slots import slot_of
from wardlink.clinical.consults import OPEN, ConsultState, Form, Urgency, deadline_at, is_overdue
from wardlink.ids import Id, Slug
from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.records import RecordView

Why = Literal["staff", "patient", "discharged"]


class RequestConsult(Message):
    """Request: a patient, or a doctor for the patient, wants a specialist. The consultation's id is the command's.

    `slot_at`: the time that is wished, if any. `question` is for the specialist alone, and only staff write one.
    """

    specialty: str = Field(min_length=1, max_length=20)
    form: Form = "bedside"
    urgency: Urgency = "routine"
    slot_at: Instant | None = None
    question: str | None = Field(default=None, min_length=1, max_length=1000)


class WithdrawConsult(Message):
    """Request: the patient does not want it any more."""

    consult: Id


class AcceptConsult(Message):
    """Request: the team will come."""

    consult: Id


class ScheduleConsult(Message):
    """Request: it takes place then, by this doctor."""

    consult: Id
    slot_at: Instant
    consultant: Slug | None = None


class BeginConsult(Message):
    """Request: the specialist is with the patient. `consent`: the patient, or who speaks for them, agreed."""

    consult: Id
    consent: bool = False
    participants: str | None = Field(default=None, min_length=1, max_length=200)


class SignOpinion(Message):
    """Request: the specialist signs what is advised."""

    consult: Id
    opinion: str = Field(min_length=1, max_length=4000)
    orders: str | None = Field(default=None, min_length=1, max_length=400)


class CloseConsult(Message):
    """Request: the ward has read the opinion and acted on it."""

    consult: Id


class DeclineConsult(Message):
    """Request: it does not take place. The reason is for staff."""

    consult: Id
    reason: str = Field(min_length=1, max_length=200)


class ConsultStep(Message):
    """Something that was done about it. `counted`: it was a move then."""

    command: Id
    what: str
    at: Instant
    by: Actor
    by_name: str | None = None
    counted: bool = True


class ConsultView(RecordView):
    """Change `consult.changed`: what the patient may see as well: state, time and team. `why` it was declined."""

    specialty: str
    form: Form
    urgency: Urgency
    state: ConsultState
    requested_at: Instant
    by: Actor
    slot_at: Instant | None = None
    consultant: Slug | None = None
    consultant_name: str | None = None
    consent: bool | None = None
    begun_at: Instant | None = None
    signed_at: Instant | None = None
    ended_at: Instant | None = None
    why: Why | None = None
    steps: tuple[ConsultStep, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in OPEN

    @property
    def deadline_at(self) -> datetime:
        """Until when somebody must have come."""
        return deadline_at(self.requested_at, self.urgency)

    @property
    def until_at(self) -> datetime | None:
        """When its slot ends."""
        return None if self.slot_at is None else slot_of(self.slot_at).ends_at

    def is_overdue(self, now: datetime) -> bool:
        """Whether somebody should have come by now."""
        return is_overdue(self.state, self.requested_at, self.urgency, now)


class ConsultNoteView(RecordView):
    """Change `consult-note.changed`: what doctors write; it has the id of its consultation and stays with staff."""

    question: str | None = None
    participants: str | None = None
    opinion: str | None = None
    orders: str | None = None
    reason: str | None = None
    written_at: Instant


class ConsultSlots(Message):
    """When a team could come, by the server. `unknown_operation`: one is ordered whose end nobody knows."""

    slots: tuple[Instant, ...] = ()
    unknown_operation: bool = False
