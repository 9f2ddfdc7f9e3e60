"""Requests of daily life and questions about the bill: what a patient asks for, and what becomes of it.

Names from FHIR R4: a ServiceRequest (category, code, quantity, occurrence) and the Task that fulfils it (status,
owner, statusReason, output).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from wardlink.clinical.requests.catalogue import Category
from wardlink.clinical.requests.states import RequestState
from wardlink.ids import Id, Slug
from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.records import RecordView

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class WantedArticle(Message):
    """So many of an article."""

    code: Slug
    quantity: int = Field(ge=1, le=20)


class AskedLine(Message):
    """The line of the bill that a question is about. The server writes in what it was; a device names it only."""

    line: Id
    day: date
    name: str = Field(default="", max_length=200)
    amount_fen: int | None = None


class PlaceRequest(Message):
    """Request: the patient asks for this.

    `code`: what of the category; `from_at`: since when somebody is wanted, None for at once. `articles`: of a shopping
    list. `about`: of a question.
    """

    category: Category
    code: Slug
    from_at: Instant | None = None
    articles: tuple[WantedArticle, ...] = Field(default=(), max_length=20)
    about: AskedLine | None = None


class CancelRequest(Message):
    """Request: the patient does not need it any more."""

    request: Id


class AcceptRequest(Message):
    """Fact: somebody sees to it."""

    request: Id


class BeginRequest(Message):
    """Fact: it is being done."""

    request: Id


class CompleteRequest(Message):
    """Fact: it is done. `answer`: what the patient is told; a question is answered by nothing else."""

    request: Id
    answer: Words | None = None


class RejectRequest(Message):
    """Fact: it is not possible, with the reason that the patient reads."""

    request: Id
    reason: Words


class RequestStep(Message):
    """One thing that was said of a request. `counted` is False where it did not move it."""

    command: Id
    what: str
    at: Instant
    by: Actor
    by_name: str | None = None
    text: str | None = None
    counted: bool = True


class RequestView(RecordView):
    """Change `request.changed`: a request as everybody holds it. `bed`: where it was asked for.

    `count`: how often it was asked for while it was open. `owner`: who sees to it. `text`: the answer to the patient,
    or why it was not possible.
    """

    category: Category
    code: Slug
    state: RequestState
    urgent: bool = False
    requested_at: Instant
    changed_at: Instant
    by: Actor
    by_name: str | None = None
    count: int = 1
    from_at: Instant | None = None
    articles: tuple[WantedArticle, ...] = ()
    about: AskedLine | None = None
    owner: Actor | None = None
    owner_name: str | None = None
    text: str | None = None
    steps: tuple[RequestStep, ...] = ()
