"""Runs a page for somebody who may see it, in their language, and says in words why not otherwise."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from server.core import Core
from server.dashboard import PREFIX
from server.dashboard.door import way_in
from server.dashboard.frame import PLACES, message_page
from server.dashboard.visit import Visit, visit
from server.identity.roles import Right
from server.refusals import REFUSED
from wardlink.errors import NoRight, NotSignedIn, WardlinkError
from wardlink.i18n import domain, set_language

_ = domain("server").gettext
log = structlog.get_logger(__name__)

Build = Callable[[Visit, Request], Awaitable[Response | None]]

_TIMEOUT_S = 20.0
"""A ward's first load from a slow disk; the page framework gives three seconds otherwise."""


def page(core: Core, path: str, build: Build, *rights: Right) -> None:
    """Give the page built by `build` its address below the prefix. One of `rights` is needed to see it."""

    async def opened(request: Request) -> Any:
        try:
            visitor = await asyncio.to_thread(visit, core, request)
        except NotSignedIn:
            query = f"?{request.url.query}" if request.url.query else ""
            return way_in(request.url.path + query)
        set_language(visitor.language)
        try:
            if not any(visitor.may(right) for right in rights):
                if path == "/" and (place := first_place(visitor)) is not None:
                    return RedirectResponse(place, status_code=303)
                raise NoRight
            return await build(visitor, request)
        except WardlinkError as fault:
            if isinstance(fault, NoRight):
                await asyncio.to_thread(visitor.audit, REFUSED, f"GET {PREFIX}{path}")
            _say(visitor, fault)
        except Exception as exc:  # noqa: BLE001 - the edge of a page
            frames = traceback.extract_tb(exc.__traceback__)[-4:]
            where = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames]
            # The text of the error may hold what was read: it is not logged.
            log.error("page.unforeseen", page=path, error=type(exc).__name__, where=where)
            _say(visitor, WardlinkError())
        return None

    ui.page(path, response_timeout=_TIMEOUT_S)(opened)


def _say(visitor: Visit, fault: WardlinkError) -> None:
    client = ui.context.client
    client.content.clear()
    client.status_code = fault.status
    message_page(visitor, _("Not possible"), fault.text())


def first_place(visitor: Visit) -> str | None:
    """The first page of the head line that this visitor may see: not everybody's is the board."""
    return next((place for _name, _label, place, rights in PLACES if any(map(visitor.may, rights))), None)


def address(path: str) -> str:
    """The full address of a page."""
    return PREFIX + path
