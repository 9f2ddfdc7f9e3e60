"""Somebody at a desk says what became of a request: told at once if somebody else was earlier."""

from __future__ import annotations

from typing import Literal

from server.core import Core
from server.identity.staff import Person
from server.record.service import record_called
from wardlink.clinical.requests.states import after, state_text
from wardlink.errors import Collision, NotFound
from wardlink.i18n import N_, domain
from wardlink.messages.base import Message
from wardlink.messages.requests import AcceptRequest, BeginRequest, CompleteRequest, RejectRequest, RequestView
from wardlink.record.requests import REQUEST

_ = domain("server").gettext

DeskAct = Literal["accept", "begin", "complete", "reject"]


class RequestOver(Collision):
    """Somebody was earlier."""

    sentence = N_("This request is no longer open for that.")

    def __init__(self, view: RequestView) -> None:
        super().__init__()
        self._view = view

    def text(self) -> str:
        """How it stands."""
        said = _("Somebody was faster: this request stands as “{state}” now.")
        return said.format(state=state_text(self._view.state))


def body_of(act: DeskAct, request: str, text: str | None) -> Message:
    """What is said. `text`: the answer, or the reason, which a rejection must have.

    Raises:
        pydantic.ValidationError: it is missing, or too long.
    """
    match act:
        case "accept":
            return AcceptRequest(request=request)
        case "begin":
            return BeginRequest(request=request)
        case "complete":
            return CompleteRequest(request=request, answer=text or None)
        case "reject":
            return RejectRequest(request=request, reason=text or "")


def say(core: Core, person: Person, request: str, act: DeskAct, text: str | None = None) -> RequestView:
    """Do it in this person's name; the request afterwards.

    Raises:
        NotFound: there is no such request, or it is of another ward.
        RequestOver: it cannot be so any more.
        NotAllowed: the person lacks the right.
        InvalidInput: a question without an answer.
        pydantic.ValidationError: a rejection without a reason.
    """
    person.demand("request.handle")
    body = body_of(act, request, text)
    with core.transaction() as batch:
        found = record_called(batch.conn, REQUEST, request)
        if found is None:
            raise NotFound(what="request", name=request[:40])
        ward, view = found
        person.demand("request.handle", ward)
        if after(view.state, act) is None:
            raise RequestOver(view)
        command = core.command(
            f"request.{act}", body, ward=ward, actor=person.actor, encounter=view.encounter, bed=view.bed
        )
        core.apply(batch, command)
        told = record_called(batch.conn, REQUEST, request)
    assert told is not None
    return told[1]
