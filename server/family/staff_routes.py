"""Guardians over HTTP: two members of staff enter who decides for a patient who cannot; and the end of any consent."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, SecretStr

from server.core import Core
from server.family.signing_in import make_code
from server.http import CoreOf, StaffOf
from server.identity import sign_in
from server.identity.staff import Person
from server.patients.service import encounter_view
from wardlink.errors import NotFound
from wardlink.ids import Id, new_id
from wardlink.messages.base import Instant
from wardlink.messages.family import AppointGuardian, EndFamily

router = APIRouter(prefix="/api/v1/encounters/{encounter}", tags=["family"])

Reason = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class NewGuardian(BaseModel):
    """Who, why, and the second member of staff, who signs with badge and PIN."""

    name: str = Field(min_length=1, max_length=20, pattern=r"^[^\x00]*$")
    reason: Reason
    second_badge: str = Field(min_length=1, max_length=40)
    second_pin: SecretStr = Field(min_length=1, max_length=40)


class GuardianCode(BaseModel):
    """What the guardian types at the bed the first time. The only copy there is."""

    consent: Id
    code: str
    expires_at: Instant


class Ending(BaseModel):
    """Why it ends."""

    reason: Reason


@router.post("/guardian", summary="Enter a guardian", status_code=201)
def appoint(core: CoreOf, person: StaffOf, request: Request, encounter: Id, body: NewGuardian) -> GuardianCode:
    """For a patient who cannot decide. Answers the code for the bed, which holds once and for a quarter of an hour."""
    ward = _ward(core, person, encounter)
    origin = request.client.host if request.client else None
    second = sign_in.check(core, body.second_badge, body.second_pin.get_secret_value(), origin=origin)
    # It was a signature, and nobody works on by it.
    sign_in.leave(core, second.token)
    second.staff.demand("family.guardian", ward)
    said = AppointGuardian(name=body.name, reason=body.reason, second=second.staff.id)
    consent = new_id()
    core.execute("family-consent.appoint", said, ward=ward, actor=person.actor, command_id=consent, encounter=encounter)
    made = make_code(core, encounter, consent, actor=str(person.actor))
    return GuardianCode(consent=consent, code=made.code, expires_at=made.expires_at)


@router.post("/family/{consent}/end", summary="End a consent for family", status_code=204)
def end(core: CoreOf, person: StaffOf, encounter: Id, consent: Id, body: Ending) -> Response:
    """A guardian's, or one that the patient cannot take back at the bed."""
    ward = _ward(core, person, encounter)
    said = EndFamily(consent=consent, reason=body.reason)
    core.execute("family-consent.end", said, ward=ward, actor=person.actor, encounter=encounter)
    return Response(status_code=204)


def _ward(core: Core, person: Person, encounter: str) -> str:
    person.demand("family.guardian")
    with core.db.read() as conn:
        stay = encounter_view(conn, encounter)
    if stay is None:
        raise NotFound(what="stay", name=encounter)
    person.demand("family.guardian", stay.ward)
    return stay.ward
