"""The forms that write: closing an exception, dealing with a message that was set aside. Plain posts to an address."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from server.core import Core
from server.dashboard import PREFIX
from server.dashboard.door import way_in
from server.dashboard.visit import Visit, visit
from server.exceptions.service import exception_called
from server.identity import audit
from server.identity.roles import Right
from server.parked import service as parked
from wardlink.errors import InvalidInput, NotAllowed, NotFound, NotSignedIn, WardlinkError
from wardlink.i18n import speaking
from wardlink.messages.exceptions import CloseException

Act = Callable[[Visit, str], None]
"""Does what was asked, with the reason that was typed."""


def routes(core: Core) -> APIRouter:
    """Each form leads back to its page, which says how it went."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.post("/exceptions/{name}/close")
    async def close_exception(request: Request, name: str) -> Response:
        return await _answer(
            core, request, f"/exceptions/{name}", "exception.close", lambda v, r: _exception(v, name, r)
        )

    @router.post("/parked/{number}/close")
    async def close_parked(request: Request, number: int) -> Response:
        return await _answer(core, request, f"/parked/{number}", "parked.handle", lambda v, r: _parked(v, number, r))

    @router.post("/parked/{number}/retry")
    async def retry_parked(request: Request, number: int) -> Response:
        return await _answer(core, request, f"/parked/{number}", "parked.handle", lambda v, _r: _again(v, number))

    return router


async def _answer(core: Core, request: Request, path: str, right: Right, act: Act) -> Response:
    form = await request.form()
    reason = str(form.get("reason", "")).strip()
    return await asyncio.to_thread(_do, core, request, PREFIX + path, right, act, reason)


def _do(core: Core, request: Request, here: str, right: Right, act: Act, reason: str) -> Response:
    try:
        visitor = visit(core, request)
    except NotSignedIn:
        return way_in(here)
    said = "done"
    with speaking(visitor.language):
        try:
            if not visitor.may(right):
                raise NotAllowed
            act(visitor, reason)
        except (ValidationError, InvalidInput):
            said = "empty"
        except WardlinkError:
            said = "refused"
    return RedirectResponse(f"{here}?said={said}", status_code=303)


def _exception(visitor: Visit, name: str, reason: str) -> None:
    with visitor.core.db.read() as conn:
        known = exception_called(conn, name)
    if known is None or not visitor.sees(known[0]):
        raise NotFound(what="exception", name=name[:40])
    body = CloseException(exception=known[1].id, reason=reason)
    visitor.core.execute("exception.close", body, ward=known[0], actor=visitor.person.actor)


def _parked(visitor: Visit, number: int, reason: str) -> None:
    if not reason:
        raise InvalidInput
    _reachable(visitor, number)
    person = visitor.person
    with visitor.core.db.write() as conn:
        parked.close(conn, number, by=str(person.actor), reason=reason[:500], at=visitor.core.clock.now())
        audit.note(visitor.core, conn, person, "parked-closed", f"parked {number}", reason=reason[:500])


def _again(visitor: Visit, number: int) -> None:
    _reachable(visitor, number)
    parked.retry(visitor.core, number, by=str(visitor.person.actor))


def _reachable(visitor: Visit, number: int) -> None:
    with visitor.core.db.read() as conn:
        found = parked.one(conn, number)
    if not visitor.reaches(found.ward):
        raise NotFound(what="parked message", name=str(number))
