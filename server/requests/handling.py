"""What staff say of a request, and the patient who takes it back."""

from __future__ import annotations

from typing import Any

from server.actors import note_unknown_actor, staff_only
from server.batch import Batch
from server.identity.roles import demand
from server.patients.asking import role_of, who_asks
from server.record.service import record_called
from server.record.writing import tell
from server.requests.placing import OTHERS
from wardlink.clinical.requests.catalogue import OF_PLACE
from wardlink.clinical.requests.states import after
from wardlink.errors import Collision, InvalidInput, NotFound
from wardlink.i18n import N_
from wardlink.messages.commands import Command
from wardlink.messages.requests import CancelRequest, CompleteRequest, RequestView
from wardlink.record.kind import Said
from wardlink.record.requests import REQUEST

_BEGUN = N_("Somebody has begun with this already: it can no longer be cancelled. Please ask your nurse.")
_ANSWER = N_("A question is answered in words: please write the answer.")


def report(batch: Batch, command: Command, body: Any) -> int:
    """Keep what staff say of a request; what comes too late stands in it without moving it.

    Raises:
        NotFound: there is no such request.
        NotAllowed: a patient or a device by itself says it, or without the right to.
        InvalidInput: a question without an answer.
    """
    staff_only(command)
    role = role_of(batch, command)
    if role is not None:
        demand(role, "request.handle")
    ward, known = _known(batch, body.request)
    if isinstance(body, CompleteRequest) and known.category == "query" and body.answer is None:
        raise InvalidInput(_ANSWER)
    seq = _moved(batch, command, body, ward, known)
    note_unknown_actor(batch, command, ward=ward, encounter=known.encounter, bed=known.bed)
    return seq


def cancel(batch: Batch, command: Command, body: CancelRequest) -> int:
    """The patient does not need it any more.

    Raises:
        NotFound: there is no such request of this stay.
        Collision: somebody has begun, or it is over.
        NotAllowed: in another patient's name.
    """
    who_asks(batch, command, "request.place", others=OTHERS)
    ward, known = _known(batch, body.request)
    if known.encounter != command.encounter:
        raise NotFound(what="request", name=body.request)
    if after(known.state, "cancel") is None:
        raise Collision(_BEGUN)
    return _moved(batch, command, body, ward, known)


def _known(batch: Batch, request: str) -> tuple[str, RequestView]:
    found = record_called(batch.conn, REQUEST, request)
    if found is None:
        raise NotFound(what="request", name=request)
    return found


def _moved(batch: Batch, command: Command, body: Any, ward: str, known: RequestView) -> int:
    name = batch.census.staff_name(batch.conn, command.actor.id) if command.actor.kind == "staff" else None
    view = REQUEST.fold(known, Said(command, body, name, batch.now))
    assert view is not None
    # What belongs to a bed stays there, in the ward that was told of it.
    stays = known.category in OF_PLACE or known.encounter is None
    resident = None if stays else batch.census.resident(batch.conn, known.encounter or "")
    return tell(batch, REQUEST, view, ward=ward, is_new=False, command=command, resident=resident)
