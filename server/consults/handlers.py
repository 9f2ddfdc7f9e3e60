"""What is asked about a consultation: checked with the record as it is now, and refused in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from server.actors import role_of, staff_only
from server.batch import Batch
from server.consults.taken import is_free
from server.family.acting import is_for_patient
from server.handlers import Handler
from server.identity.roles import Right, demand
from server.patients.service import encounter_view
from server.record.service import record_called, records_of
from server.record.writing import Folded, fold_in, tell
from wardlink.clinical.consult_slots import in_hours
from wardlink.clinical.consults import OPEN, after, specialties
from wardlink.errors import Collision, InvalidInput, NotAllowed, NotFound
from wardlink.i18n import N_
from wardlink.messages.commands import Command
from wardlink.messages.consults import (
    BeginConsult,
    ConsultNoteView,
    ConsultView,
    DeclineConsult,
    RequestConsult,
    ScheduleConsult,
    SignOpinion,
    WithdrawConsult,
)
from wardlink.record.consults import ACTS, CONSULT, CONSULT_NOTE
from wardlink.record.kind import Said

_TAKEN = N_("This time is not free any more. Please choose another one.")
_TWICE = N_("You have asked this team already; they will answer you.")
_OTHERS = N_("This consultation is of another patient.")
_OVER = N_("This stay is over already.")
_NO_MOVE = N_("Somebody else was quicker: the consultation is further already, or over.")
_BEGUN = N_("The doctor is here already. Please say it directly.")
_STAFF_WRITE = N_("Only staff may do this.")


def request(batch: Batch, command: Command, body: RequestConsult) -> int:
    """A specialist is wanted.

    Raises:
        Collision: the time was taken meanwhile, the team is asked already, or the stay is over.
        NotAllowed: in another patient's name; or a patient asks for what only staff may.
        InvalidInput: no such specialty.
    """
    _check_stay(batch, command)
    if body.specialty not in specialties():
        raise InvalidInput(N_("There is no such team."))
    if command.actor.kind in ("patient", "family"):
        if body.question is not None or body.urgency != "routine":
            raise NotAllowed(_STAFF_WRITE)
    else:
        _demand(batch, command, "consult.answer")
    mine = records_of(batch.conn, CONSULT, encounter=command.encounter, states=OPEN)
    if any(one.specialty == body.specialty for one in mine if one.id != command.id):
        raise Collision(_TWICE)
    wished = CONSULT.fold(None, Said(command, body))
    if wished is not None and body.slot_at is not None:
        from_bed = command.actor.kind in ("patient", "family")
        if not is_free(batch.conn, wished, body.slot_at, batch.now, None) or (from_bed and not in_hours(body.slot_at)):
            raise Collision(_TAKEN)
    folded = fold_in(batch, CONSULT, command, body)
    if body.question is not None:
        _note(batch, folded, command, question=body.question)
    return folded.seq


def withdraw(batch: Batch, command: Command, body: WithdrawConsult) -> int:
    """The patient does not want it any more.

    Raises:
        Collision: the doctor is there already, or was.
        NotAllowed: it is another patient's.
    """
    _check_stay(batch, command)
    found = _known(batch, body.consult)
    if found.encounter != command.encounter or not is_for_patient(command):
        raise NotAllowed(_OTHERS)
    if after(found.state, "decline") is None:
        raise Collision(_BEGUN)
    return fold_in(batch, CONSULT, command, body).seq


def accept(batch: Batch, command: Command, body: Any) -> int:
    """The team will come; a doctor who accepts is the one who comes."""
    return _step(batch, command, body, "consult.answer").seq


def schedule(batch: Batch, command: Command, body: ScheduleConsult) -> int:
    """It takes place then.

    Raises:
        Collision: the patient, the team or the doctor has something else then, or it lies outside the hours.
    """
    found = _known(batch, body.consult)
    consultant = body.consultant or found.consultant
    if consultant is not None and role_of(batch, consultant) != "doctor":
        raise InvalidInput(N_("Please choose a doctor."))
    if not is_free(batch.conn, found, body.slot_at, batch.now, consultant):
        raise Collision(_TAKEN)
    return _step(batch, command, body, "consult.answer").seq


def begin(batch: Batch, command: Command, body: BeginConsult) -> int:
    """The specialist is with the patient."""
    folded = _step(batch, command, body, "consult.sign")
    if body.participants is not None:
        _note(batch, folded, command, participants=body.participants)
    return folded.seq


def sign(batch: Batch, command: Command, body: SignOpinion) -> int:
    """The specialist signs."""
    folded = _step(batch, command, body, "consult.sign")
    _note(batch, folded, command, opinion=body.opinion, orders=body.orders)
    return folded.seq


def close(batch: Batch, command: Command, body: Any) -> int:
    """The ward has acted on it."""
    return _step(batch, command, body, "consult.answer").seq


def decline(batch: Batch, command: Command, body: DeclineConsult) -> int:
    """It does not take place."""
    folded = _step(batch, command, body, "consult.answer")
    _note(batch, folded, command, reason=body.reason)
    return folded.seq


def _step(batch: Batch, command: Command, body: Any, right: Right) -> Folded[ConsultView]:
    staff_only(command)
    _demand(batch, command, right)
    found = _known(batch, body.consult)
    act = ACTS[command.kind]
    if after(found.state, act) is None:
        raise Collision(_NO_MOVE)
    return fold_in(batch, CONSULT, command, body, then=lambda view: _with_doctor(batch, command, view))


def _with_doctor(batch: Batch, command: Command, view: ConsultView) -> ConsultView:
    doctor = view.consultant
    comes = command.kind in ("consult.accept", "consult.begin") and command.actor.kind == "staff"
    if comes and (doctor is None or command.kind == "consult.begin") and role_of(batch, command.actor.id) == "doctor":
        doctor = command.actor.id
    name = None if doctor is None else batch.census.staff_name(batch.conn, doctor)
    return view.model_copy(update={"consultant": doctor, "consultant_name": name})


def _note(batch: Batch, folded: Folded[ConsultView], command: Command, **said: str | None) -> None:
    view = folded.after
    if view is None:
        return
    known = record_called(batch.conn, CONSULT_NOTE, view.id)
    before = known[1] if known else ConsultNoteView(id=view.id, encounter=view.encounter, written_at=batch.now)
    note = before.model_copy(update=said | {"bed": view.bed, "written_at": batch.now})
    tell(
        batch,
        CONSULT_NOTE,
        note,
        ward=folded.ward,
        command=command,
        resident=folded.resident,
        is_new=known is None,
        first=False,
    )


def _check_stay(batch: Batch, command: Command) -> None:
    stay = encounter_view(batch.conn, command.encounter) if command.encounter else None
    if stay is None:
        raise NotFound(what="stay", name=str(command.encounter))
    if stay.status != "in-progress":
        raise Collision(_OVER)
    device = batch.census.device(batch.conn, command.device)
    at_another = device is not None and device.bed is not None and (stay.ward, stay.bed) != (device.ward, device.bed)
    if at_another or (command.actor.kind == "patient" and command.actor.id != stay.id):
        raise NotAllowed(_OTHERS)


def _known(batch: Batch, consult: str) -> ConsultView:
    found = record_called(batch.conn, CONSULT, consult)
    if found is None:
        raise NotFound(what="consultation", name=consult)
    return found[1]


def _demand(batch: Batch, command: Command, right: Right) -> None:
    if command.actor.kind == "system":
        return
    role = role_of(batch, command.actor.id) if command.actor.kind == "staff" else None
    if role is None:
        raise NotAllowed
    demand(role, right)


def _request(apply: Callable[[Batch, Command, Any], int], *devices: str) -> Handler:
    return Handler(apply, request=True, devices=frozenset(devices))


HANDLERS = {
    "consult.request": _request(request, "terminal", "cart"),
    "consult.withdraw": _request(withdraw, "terminal"),
    "consult.accept": _request(accept),
    "consult.schedule": _request(schedule),
    "consult.begin": _request(begin),
    "consult.sign": _request(sign),
    "consult.close": _request(close),
    "consult.decline": _request(decline),
}
