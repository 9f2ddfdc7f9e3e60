"""The forms that write: closing an exception, dealing with a message that was set aside. Plain posts to an address."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

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
from server.wards.deciding import decide
from wardlink.errors import ChangedMeanwhile, InvalidInput, NoRight, NotFound, NotSignedIn, WardlinkError
from wardlink.i18n import speaking
from wardlink.messages.exceptions import CloseException
from wardlink.messages.ward_settings import SetWard

Act = Callable[[Visit, Mapping[str, str]], None]
"""Does what was asked, with what was typed."""


def routes(core: Core) -> APIRouter:
    """Each form leads back to its page, which says how it went."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.post("/exceptions/{name}/close")
    async def close_exception(request: Request, name: str) -> Response:
        return await answer(
            core,
            request,
            f"/exceptions/{name}",
            "exception.close",
            lambda v, t: _exception(v, name, t),
        )

    @router.post("/parked/{number}/close")
    async def close_parked(request: Request, number: int) -> Response:
        return await answer(
            core,
            request,
            f"/parked/{number}",
            "parked.handle",
            lambda v, t: _parked(v, number, t),
        )

    @router.post("/parked/{number}/retry")
    async def retry_parked(request: Request, number: int) -> Response:
        return await answer(core, request, f"/parked/{number}", "parked.handle", lambda v, _t: _again(v, number))

    @router.post("/settings/{ward}")
    async def decide_for_ward(request: Request, ward: str) -> Response:
        return await answer(core, request, "/settings", "ward.manage", lambda v, t: _ward(v, ward, t))

    return router


async def answer(core: Core, request: Request, path: str, right: Right, act: Act) -> Response:
    """Do what a form asks and lead back to its page, which is told `done`, `empty`, `changed` or `refused`."""
    typed = {name: str(text).strip() for name, text in (await request.form()).items()}
    return await asyncio.to_thread(_do, core, request, PREFIX + path, right, act, typed)


def _do(core: Core, request: Request, here: str, right: Right, act: Act, typed: Mapping[str, str]) -> Response:
    try:
        visitor = visit(core, request)
    except NotSignedIn:
        return way_in(here)
    said = "done"
    with speaking(visitor.language):
        try:
            if not visitor.may(right):
                raise NoRight
            act(visitor, typed)
        except NoRight:
            raise
        except (ValidationError, InvalidInput):
            said = "empty"
        except ChangedMeanwhile:
            said = "changed"
        except WardlinkError:
            said = "refused"
    return RedirectResponse(f"{here}?said={said}", status_code=303)


def _exception(visitor: Visit, name: str, typed: Mapping[str, str]) -> None:
    with visitor.core.db.read() as conn:
        known = exception_called(conn, name)
    if known is None or not visitor.sees(known[0]):
        raise NotFound(what="exception", name=name[:40])
    body = CloseException(exception=known[1].id, reason=typed.get("reason", ""))
    visitor.core.execute("exception.close", body, ward=known[0], actor=visitor.person.actor)


def _ward(visitor: Visit, ward: str, typed: Mapping[str, str]) -> None:
    visitor.demand("ward.manage", ward)
    chosen = {"yes": True, "no": False}.get(typed.get("shows_mews", ""))
    if chosen is None or typed.get("agreed") != "yes":
        raise InvalidInput
    decide(visitor.core, visitor.person, ward, SetWard(shows_mews=chosen))


def _parked(visitor: Visit, number: int, typed: Mapping[str, str]) -> None:
    reason = typed.get("reason", "")
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
