"""What is said of a request from its page: plain posts to `/requests/{id}/{act}`."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.core import Core
from server.dashboard import PREFIX
from server.dashboard.forms import answer
from server.dashboard.visit import Visit
from server.requests.desk import DeskAct, say
from wardlink.errors import NotFound

_ACTS: Mapping[str, DeskAct] = {"accept": "accept", "begin": "begin", "complete": "complete", "reject": "reject"}


def routes(core: Core) -> APIRouter:
    """Each form leads back to the request's page, which says how it went."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.post("/requests/{name}/{act}")
    async def acted(request: Request, name: str, act: str) -> Response:
        return await answer(
            core, request, f"/requests/{name}", "request.handle", lambda visitor, typed: _say(visitor, name, act, typed)
        )

    return router


def _say(visitor: Visit, name: str, act: str, typed: Mapping[str, str]) -> None:
    if act not in _ACTS:
        raise NotFound(what="page", name=act[:20])
    say(visitor.core, visitor.person, name, _ACTS[act], typed.get("text"))
