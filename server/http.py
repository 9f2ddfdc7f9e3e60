"""What every route stands on: the core, who asks, and errors said in the language of the one who asks."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Callable
from typing import Annotated

import structlog
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBasic, HTTPBasicCredentials, HTTPBearer
from sqlalchemy import Table, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from starlette.exceptions import HTTPException

from server.core import Core
from server.identity import sessions
from server.identity.models import Device
from server.identity.roles import Right
from server.identity.staff import Person
from server.logs import places
from server.refusals import note_refused
from wardlink.errors import Collision, InvalidInput, NotAllowed, NotFound, NotSignedIn, Unreachable, WardlinkError
from wardlink.i18n import DEFAULT_LANGUAGE, N_, speaking
from wardlink.ids import is_slug

log = structlog.get_logger(__name__)

_DEVICE: Table = Device.__table__  # type: ignore[attr-defined]

basic_auth = HTTPBasic(auto_error=False, description="A device: its id and its secret.")
bearer_auth = HTTPBearer(auto_error=False, description="A member of staff: the token of /api/v1/sign-in.")


_SAME_MOMENT = N_("Somebody else has changed this in the same moment. Please look again.")
_UNKEEPABLE = N_("This text holds characters that cannot be shown.")


class DeviceUnknown(NotAllowed):
    """No device, a wrong secret, or one that was revoked; never says which."""

    status = 401
    code = "device-unknown"
    sentence = N_("This device is not enrolled here. Please call the technician.")


class DatabaseAway(Unreachable):
    """The server's database does not answer; nothing was written."""

    code = "database-away"
    sentence = N_("The server cannot work now. Nothing was changed; please try again in a moment.")


class MethodUnknown(WardlinkError):
    """There is nothing of this kind to do at this address."""

    status = 405
    code = "method-unknown"
    sentence = N_("This cannot be done here.")


def core_of(request: Request) -> Core:
    """The running heart of the server."""
    core: Core = request.app.state.core
    return core


CoreOf = Annotated[Core, Depends(core_of)]


def device_of(core: CoreOf, basic: Annotated[HTTPBasicCredentials | None, Depends(basic_auth)]) -> Device:
    """The device that asks, by its id and secret.

    Raises:
        DeviceUnknown: it does not say who it is, is not enrolled, is revoked, or the secret is wrong.
    """
    if basic is None or not is_slug(basic.username):
        raise DeviceUnknown
    with core.db.read() as conn:
        row = conn.execute(select(_DEVICE).where(_DEVICE.c.id == basic.username)).first()
    # The secret is 256 random bits: a plain hash is enough, and a request must not cost a tenth of a second.
    given = hashlib.sha256(basic.password.encode(errors="replace")).hexdigest()
    expected = row.secret_sha256 if row is not None else "0" * 64
    if not hmac.compare_digest(given, expected) or row is None or row.revoked_at is not None:
        raise DeviceUnknown
    return Device(**row._mapping)


DeviceOf = Annotated[Device, Depends(device_of)]


def token_of(bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer_auth)]) -> str:
    """The token of the session that asks.

    Raises:
        NotSignedIn: there is none.
    """
    if bearer is None:
        raise NotSignedIn
    return bearer.credentials


def staff_of(core: CoreOf, token: Annotated[str, Depends(token_of)]) -> Person:
    """The member of staff who asks.

    Raises:
        NotSignedIn: nobody has signed in, or the session is over.
    """
    return sessions.current(core, token)


StaffOf = Annotated[Person, Depends(staff_of)]


def staff_with(right: Right) -> Callable[[Request, Person], Person]:
    """A dependency: the member of staff who asks, if they have `right`; in the ward of the address, if it has one.

    Raises:
        NotSignedIn: nobody has signed in, or the session is over.
        NotAllowed: they do not have the right.
    """

    def dependency(request: Request, person: Annotated[Person, Depends(staff_of)]) -> Person:
        person.demand(right, request.path_params.get("ward"))
        return person

    return dependency


def language_of(request: Request) -> str:
    """The language of the one who asks: the first of ours in Accept-Language."""
    for part in request.headers.get("accept-language", "").split(","):
        name = part.partition(";")[0].strip().lower()
        if name.startswith("zh"):
            return "zh_CN"
        if name.startswith("en"):
            return "en"
    return DEFAULT_LANGUAGE


def install_errors(app: FastAPI) -> None:
    """Answer every error as `{"code", "detail"}`, in words, and never with a value of what was sent."""
    app.add_exception_handler(WardlinkError, ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DBAPIError, _database)
    app.add_exception_handler(Exception, _unforeseen)


async def ours(request: Request, exc: Exception) -> JSONResponse:
    """The answer to one of our errors; who was refused for want of a right stands in the audit."""
    assert isinstance(exc, WardlinkError)
    if exc.status == 403:
        await asyncio.to_thread(note_refused, core_of(request), request)
    return _answer(request, exc)


async def _invalid(request: Request, exc: Exception) -> JSONResponse:
    assert isinstance(exc, RequestValidationError)
    places = [f"{'.'.join(str(part) for part in e['loc'])}: {e['type']}" for e in exc.errors()[:5]]
    return _answer(request, InvalidInput(detail="; ".join(places)))


async def _http(request: Request, exc: Exception) -> JSONResponse:
    assert isinstance(exc, HTTPException)
    if isinstance(exc.__cause__, WardlinkError):
        # The framework takes whatever happens while it reads a body for a fault of the body.
        return _answer(request, exc.__cause__)
    if exc.status_code == 401:
        # A name or secret that is not even written as HTTP wants it.
        return _answer(request, DeviceUnknown())
    if exc.status_code == 404:
        return _answer(request, NotFound(what="page", name=request.url.path[:100]))
    if exc.status_code == 405:
        return _answer(request, MethodUnknown())
    return _answer(request, InvalidInput(detail=str(exc.detail)), status=exc.status_code)


async def _database(request: Request, exc: Exception) -> JSONResponse:
    if isinstance(exc, DataError):
        return _answer(request, InvalidInput(_UNKEEPABLE))
    if isinstance(exc, IntegrityError):
        return _answer(request, Collision(_SAME_MOMENT))
    # The text of the engine's own error may hold what was to be written: it is not logged.
    log.error("http.database", error=type(exc).__name__, path=request.url.path)
    return _answer(request, DatabaseAway())


async def _unforeseen(request: Request, exc: Exception) -> JSONResponse:
    log.error("http.unforeseen", error=type(exc).__name__, where=places(exc), path=request.url.path)
    return _answer(request, WardlinkError())


def _answer(request: Request, fault: WardlinkError, *, status: int | None = None) -> JSONResponse:
    headers = {}
    if "wait_s" in fault.params:
        headers["Retry-After"] = str(fault.params["wait_s"])
    if isinstance(fault, DeviceUnknown):
        headers["WWW-Authenticate"] = 'Basic realm="wardlink"'
    elif isinstance(fault, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    with speaking(language_of(request)):
        body = {"code": fault.code, "detail": fault.text()}
    return JSONResponse(body, status_code=status or fault.status, headers=headers)
