"""The time, and the doors: staff sign in and out, a patient opens the screen at the bed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.security import HTTPBasicCredentials
from pydantic import BaseModel, Field, SecretStr

from server.http import CoreOf, DeviceOf, StaffOf, basic_auth, device_of, token_of
from server.identity import sign_in
from wardlink.messages.changes import StaffView
from wardlink.messages.encounters import EncounterView

router = APIRouter(prefix="/api/v1", tags=["identity"])


class Now(BaseModel):
    """The server's time."""

    at: datetime


class SignIn(BaseModel):
    """What the scanner read and what was typed."""

    badge: str = Field(min_length=1, max_length=40)
    pin: SecretStr = Field(min_length=1, max_length=40)


class SignedIn(BaseModel):
    """`token` goes as `Authorization: Bearer` into every request of this person."""

    token: str
    staff: StaffView
    expires_at: datetime


class Identifiers(BaseModel):
    """The admission number, and the last four of the ID card or the birth date (YYYYMMDD)."""

    admission_no: str = Field(min_length=1, max_length=40)
    second: SecretStr = Field(min_length=1, max_length=20)


class Opened(BaseModel):
    """The stay in this bed."""

    encounter: EncounterView


@router.get("/time", summary="What time it is")
def time(core: CoreOf) -> Now:
    """Devices set their clocks by it."""
    return Now(at=core.clock.now())


@router.post("/sign-in", summary="Sign a member of staff in")
def sign_staff_in(
    core: CoreOf, request: Request, body: SignIn, basic: Annotated[HTTPBasicCredentials | None, Depends(basic_auth)]
) -> SignedIn:
    """From a device (with its id and secret) or a browser. 429 with `Retry-After` after wrong tries."""
    device = device_of(core, basic).id if basic is not None else None
    origin = request.client.host if request.client else None
    session = sign_in.check(core, body.badge, body.pin.get_secret_value(), device=device, origin=origin)
    return SignedIn(token=session.token, staff=session.staff.view, expires_at=session.expires_at)


@router.post("/sign-out", summary="Sign out", status_code=204)
def sign_staff_out(core: CoreOf, _person: StaffOf, token: Annotated[str, Depends(token_of)]) -> Response:
    """The token is worth nothing afterwards."""
    sign_in.leave(core, token)
    return Response(status_code=204)


@router.get("/session", summary="Who is signed in")
def session(person: StaffOf) -> StaffView:
    """The person whose token this is."""
    return person.view


@router.post("/wards/{ward}/beds/{bed}/open", summary="Open the screen at a bed")
def open_bedside(core: CoreOf, device: DeviceOf, ward: str, bed: str, body: Identifiers) -> Opened:
    """For the terminal of that bed only. 429 with `Retry-After` after wrong tries. Audited."""
    found = sign_in.open_bedside(core, device, ward, bed, body.admission_no, body.second.get_secret_value())
    return Opened(encounter=found)
