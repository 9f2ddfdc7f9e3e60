"""Whoever was refused for want of a right stands in the audit, whichever route it was."""

from __future__ import annotations

import base64
import re

import structlog
from fastapi import Request
from fastapi.security.utils import get_authorization_scheme_param
from sqlalchemy.exc import DBAPIError

from server.core import Core
from server.identity import sessions
from wardlink.errors import NotSignedIn

log = structlog.get_logger(__name__)

REFUSED = "refused"

_STAY = re.compile(r"[0-9a-f-]{36}")


def note_refused(core: Core, request: Request) -> None:
    """Write down who asked for which route, by its pattern. Writes to the database.

    A database that does not answer changes nothing about the refusal; it is logged.
    """
    route = getattr(request.scope.get("route"), "path", request.url.path)
    named = str(request.path_params.get("encounter", ""))
    try:
        actor, device = _who(core, request)
        core.audit(
            REFUSED,
            actor=actor,
            device=device,
            what=f"{request.method} {route}",
            encounter=named if _STAY.fullmatch(named) else None,
        )
    except DBAPIError as exc:
        log.error("audit.refusal_lost", error=type(exc).__name__, route=route)


def _who(core: Core, request: Request) -> tuple[str, str | None]:
    scheme, given = get_authorization_scheme_param(request.headers.get("authorization"))
    if scheme.lower() == "basic":
        # Its secret was right, or there would have been nothing to refuse.
        device = base64.b64decode(given).decode("latin1").partition(":")[0][:40]
        return f"device:{device}", device
    token = given if scheme.lower() == "bearer" else request.cookies.get(sessions.COOKIE, "")
    try:
        return str(sessions.current(core, token).actor), None
    except NotSignedIn:
        return "nobody", None
