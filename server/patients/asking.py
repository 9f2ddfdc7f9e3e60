"""Who asks for something about a stay, from a device: its own patient, their family, or staff with the right to."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import col

from server.batch import Batch
from server.family.acting import is_for_patient
from server.identity.models import Staff
from server.identity.roles import Right, demand
from server.patients.service import encounter_view
from wardlink.errors import Collision, NotAllowed, NotFound
from wardlink.i18n import N_
from wardlink.messages.commands import Command
from wardlink.messages.encounters import EncounterView

_OTHERS = N_("This is of another patient.")


def who_asks(batch: Batch, command: Command, right: Right, *, others: str) -> tuple[EncounterView, str | None]:
    """The stay, which is in progress, and the role of who asks; None for the patient and their family.

    `others`: message id of what is said where it is another patient's.

    Raises:
        NotFound: there is no such stay.
        Collision: it is over.
        NotAllowed: in another patient's name, from another bed, or without the right to.
    """
    stay = encounter_view(batch.conn, command.encounter) if command.encounter else None
    if stay is None:
        raise NotFound(what="stay", name=str(command.encounter))
    if stay.status != "in-progress":
        raise Collision(N_("This stay is over already."))
    device = batch.census.device(batch.conn, command.device)
    if device is not None and device.bed is not None and (stay.ward, stay.bed) != (device.ward, device.bed):
        raise NotAllowed(others)
    if command.actor.kind in ("patient", "family"):
        if not is_for_patient(command):
            raise NotAllowed(others)
        return stay, None
    role = role_of(batch, command)
    if role is None:
        raise NotAllowed
    demand(role, right)
    return stay, role


def lain_here(batch: Batch, command: Command) -> EncounterView:
    """The stay of the patient who says this at their bed; it may have ended meanwhile: it waited for the connection.

    Raises:
        NotAllowed: not in the name of a patient who lies, or has lain, in this bed.
    """
    stay = encounter_view(batch.conn, command.encounter) if command.encounter else None
    device = batch.census.device(batch.conn, command.device)
    if stay is None or device is None or device.bed is None or not is_for_patient(command):
        raise NotAllowed(_OTHERS)
    places = {(stay.ward, stay.bed)} | {(place.ward, place.bed) for place in stay.places}
    if (device.ward, device.bed) not in places:
        raise NotAllowed(_OTHERS)
    return stay


def role_of(batch: Batch, command: Command) -> str | None:
    """The role of the member of staff who says this; None where it is none, or none of ours."""
    if command.actor.kind != "staff":
        return None
    role: str | None = batch.conn.execute(select(col(Staff.role)).where(col(Staff.id) == command.actor.id)).scalar()
    return role
