"""What is said at an address below the prefix where there is no page. Registered last."""

from __future__ import annotations

from fastapi import Request

from server.core import Core
from server.dashboard.guard import page
from server.dashboard.visit import Visit
from server.identity.roles import RIGHTS
from wardlink.errors import NotFound


def register(core: Core) -> None:
    """Every other address."""
    page(core, "/{path:path}", _show, *RIGHTS)


async def _show(_visit: Visit, request: Request) -> None:
    raise NotFound(what="page", name=request.url.path[:100])
