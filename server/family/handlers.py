"""Consents for family come in: only the patient of the bed gives one; taking one back is never refused as too late."""

from __future__ import annotations

from server.actors import role_of, staff_only
from server.batch import Batch
from server.family.acting import is_for_patient
from server.family.signing_in import forget
from server.handlers import Handler
from server.identity.roles import demand
from server.patients.service import encounter_view
from server.record.service import record_called, records_of
from server.record.writing import fold_in
from wardlink.clinical.family import may_consent, signing_in
from wardlink.clock import ward_date
from wardlink.errors import Collision, InvalidInput, NotAllowed, NotFound
from wardlink.i18n import N_
from wardlink.messages.commands import Command
from wardlink.messages.encounters import EncounterView
from wardlink.messages.family import AppointGuardian, EndFamily, GrantFamily, WithdrawFamily
from wardlink.record.family import FAMILY_CONSENT

_OTHERS = N_("Only the patient of this bed may give this consent or take it back.")
_OVER = N_("This stay is over already.")
_TOO_YOUNG = N_("For so young a patient the guardian gives this consent. Please ask the nurse.")
_GUARDIAN = N_("A guardian is entered by the ward. Please ask the nurse.")
_PAST = N_("The time until which this holds is over already.")
_MANY = N_("So many of your family have your consent already. Take one back first.")
_TWO = N_("A guardian is entered by two members of staff: somebody else has to sign as well.")
_HAS_GUARDIAN = N_("This patient has a guardian already. End that entry first.")
_TWICE = N_("This person has your consent already. To change it, take it back first.")


def grant(batch: Batch, command: Command, body: GrantFamily) -> int:
    """One of the family may do so much.

    Raises:
        Collision: the same person has a consent already, too many have one, or the stay is over.
        InvalidInput: it would be over already.
        NotAllowed: neither the patient of this bed nor a guardian says so, they are too young, or it would make one.
    """
    stay = _stay(batch, command)
    device = batch.census.device(batch.conn, command.device)
    if device is None or (stay.ward, stay.bed) != (device.ward, device.bed):
        raise NotAllowed(_OTHERS)
    if stay.status != "in-progress":
        raise Collision(_OVER)
    if body.relation == "guardian":
        raise NotAllowed(_GUARDIAN)
    if body.until is not None and body.until <= batch.now:
        raise InvalidInput(_PAST)
    if command.actor.kind == "patient" and not may_consent(stay.birth_on, ward_date(batch.now)):
        raise NotAllowed(_TOO_YOUNG)
    known = [
        one
        for one in records_of(batch.conn, FAMILY_CONSENT, encounter=stay.id, only_open=True)
        if one.stands(batch.now) and one.id != command.id
    ]
    if len(known) >= signing_in().most_open:
        raise Collision(_MANY)
    who = (body.relation, body.number)
    if any((one.relation, one.number) == who for one in known):
        raise Collision(_TWICE)
    return fold_in(batch, FAMILY_CONSENT, command, body).seq


def withdraw(batch: Batch, command: Command, body: WithdrawFamily) -> int:
    """It is taken back, also if it ended meanwhile: the earliest end holds.

    Raises:
        NotAllowed: it is not the patient's own, or a guardian's, whom only the ward lets go.
    """
    stay = _stay(batch, command)
    known = record_called(batch.conn, FAMILY_CONSENT, body.consent)
    if known is not None and known[1].encounter != stay.id:
        raise NotAllowed(_OTHERS)
    if known is not None and known[1].relation == "guardian":
        raise NotAllowed(_GUARDIAN)
    forget(batch.conn, [body.consent])
    return fold_in(batch, FAMILY_CONSENT, command, body).seq


def appoint(batch: Batch, command: Command, body: AppointGuardian) -> int:
    """Somebody decides for a patient who cannot: entered by one who may, with another who may beside them.

    Raises:
        NotFound: there is no such stay.
        Collision: it is over, or there is a guardian already.
        NotAllowed: without the right to, or without a second person.
    """
    stay = encounter_view(batch.conn, command.encounter) if command.encounter else None
    if stay is None:
        raise NotFound(what="stay", name=str(command.encounter))
    staff_only(command)
    for person in (command.actor.id, body.second):
        role = role_of(batch, person)
        if role is None:
            raise NotAllowed
        demand(role, "family.guardian")
    if body.second == command.actor.id:
        raise NotAllowed(_TWO)
    if stay.status != "in-progress":
        raise Collision(_OVER)
    known = records_of(batch.conn, FAMILY_CONSENT, encounter=stay.id, only_open=True)
    if any(one.relation == "guardian" for one in known if one.id != command.id):
        raise Collision(_HAS_GUARDIAN)
    in_bed = {"bed": stay.bed}
    return fold_in(batch, FAMILY_CONSENT, command, body, then=lambda view: view.model_copy(update=in_bed)).seq


def end(batch: Batch, command: Command, body: EndFamily) -> int:
    """Staff end a consent.

    Raises:
        NotFound: there is none of this stay.
        NotAllowed: without the right to.
    """
    staff_only(command)
    role = role_of(batch, command.actor.id)
    if role is None:
        raise NotAllowed
    demand(role, "family.guardian")
    known = record_called(batch.conn, FAMILY_CONSENT, body.consent)
    if known is None or known[1].encounter != command.encounter:
        raise NotFound(what="consent", name=body.consent)
    forget(batch.conn, [body.consent])
    return fold_in(batch, FAMILY_CONSENT, command, body).seq


def _stay(batch: Batch, command: Command) -> EncounterView:
    stay = encounter_view(batch.conn, command.encounter) if command.encounter else None
    if stay is None:
        raise NotFound(what="stay", name=str(command.encounter))
    if not is_for_patient(command):
        raise NotAllowed(_OTHERS)
    return stay


_HERE: frozenset[str] = frozenset()
_TERMINAL = frozenset({"terminal"})

HANDLERS = {
    "family-consent.grant": Handler(grant, request=True, devices=_TERMINAL),
    "family-consent.withdraw": Handler(withdraw, devices=_TERMINAL),
    "family-consent.appoint": Handler(appoint, request=True, devices=_HERE),
    "family-consent.end": Handler(end, request=True, devices=_HERE),
}
