"""Guardians over HTTP: two members of staff enter who decides for a patient who cannot; and the end of any consent."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, SecretStr

from server.family import entering
from server.http import CoreOf, StaffOf
from wardlink.ids import Id
from wardlink.messages.base import Instant

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
    consent, made = entering.appoint(
        core,
        person,
        encounter,
        name=body.name,
        reason=body.reason,
        badge=body.second_badge,
        pin=body.second_pin.get_secret_value(),
        origin=request.client.host if request.client else None,
    )
    return GuardianCode(consent=consent, code=made.code, expires_at=made.expires_at)


@router.post("/family/{consent}/end", summary="End a consent for family", status_code=204)
def end(core: CoreOf, person: StaffOf, encounter: Id, consent: Id, body: Ending) -> Response:
    """A guardian's, or one that the patient cannot take back at the bed."""
    entering.end(core, person, encounter, consent, body.reason)
    return Response(status_code=204)
