"""What patients of the ward wait for, as the cart holds it, and what a nurse says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardlink.clinical.family import family_text
from wardlink.clinical.requests.catalogue import OF_PLACE
from wardlink.clinical.requests.states import OPEN, state_text
from wardlink.i18n import N_, domain
from wardlink.messages.requests import AcceptRequest, BeginRequest, CompleteRequest, RejectRequest
from wardlink.record.family import FAMILY_CONSENT
from wardlink.record.requests import REQUEST
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from cart.ports import Board, Ward
    from cart.usecases.session import Session
    from wardlink.messages.base import Message
    from wardlink.messages.commands import Command
    from wardlink.messages.requests import RequestView

_ = domain("cart").gettext

REASONS = (N_("nobody is free now"), N_("not offered in this ward"), N_("the patient does not need it any more"))
ANSWERS = (N_("I come to the bed and explain it."), N_("It is right: it was ordered by your doctor."))
"""What is often said; other words may be typed."""


def open_requests(board: Board, encounter: str | None = None) -> list[RequestView]:
    """What waits in this ward, or at one stay: what is urgent first, then what nobody has taken, then the older."""
    here = {stay.id for stay in board.encounters()}
    found = [
        view
        for view in board.records(REQUEST, encounter=encounter)
        if view.state in OPEN and (view.category in OF_PLACE or view.encounter in here)
    ]
    return sorted(found, key=lambda v: (not v.urgent, v.state != "requested", v.requested_at, v.id))


def family_names(board: Board) -> dict[str, str]:
    """What family whom patients have let in are called, by their consent."""
    found = board.records(FAMILY_CONSENT)
    return {one.id: family_text(one.name, one.relation, one.number) for one in found}


def accept(ward: Ward, session: Session, view: RequestView) -> Command:
    """See to it."""
    return _record(ward, session, view, "accept", AcceptRequest(request=view.id))


def begin(ward: Ward, session: Session, view: RequestView) -> Command:
    """It is being done."""
    return _record(ward, session, view, "begin", BeginRequest(request=view.id))


def complete(ward: Ward, session: Session, view: RequestView, answer: str | None = None) -> Command:
    """It is done; a question needs its answer."""
    return _record(ward, session, view, "complete", CompleteRequest(request=view.id, answer=answer))


def reject(ward: Ward, session: Session, view: RequestView, reason: str) -> Command:
    """It is not possible; the patient reads why."""
    return _record(ward, session, view, "reject", RejectRequest(request=view.id, reason=reason))


def standing_text(view: RequestView) -> str:
    """How far it is, with who sees to it; how often it was asked for."""
    parts = [state_text(view.state), plain(view.owner_name or "")]
    if view.count > 1:
        parts.append(_("asked {n} times").format(n=view.count))
    return " · ".join(part for part in parts if part)


def _record(ward: Ward, session: Session, view: RequestView, act: str, body: Message) -> Command:
    return ward.record(f"request.{act}", body, actor=session.actor, encounter=view.encounter, bed=view.bed)
