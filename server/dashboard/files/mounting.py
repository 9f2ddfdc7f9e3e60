"""Gives the pages of the hospital's files their addresses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request
from fastapi.responses import Response

from server.dashboard.files import forms, one, version
from server.dashboard.files import page as listing
from server.dashboard.guard import page
from server.dashboard.visit import Visit
from server.house.acts import House

Show = Callable[[House, Visit, Request], Awaitable[None]]


def mount(app: FastAPI) -> None:
    """Pages and forms on `app`, with the house of its state."""
    house: House = app.state.running.house
    app.include_router(forms.routes(house))
    pages: tuple[tuple[str, Show], ...] = (
        ("/files", listing.page),
        ("/files/{kind}", one.page),
        ("/files/{kind}/look/{draft}", version.draft),
        ("/files/{kind}/{no}", version.version),
    )
    for path, show in pages:
        page(house.core, path, _for(house, show), "house.manage", "house.menu")


def _for(house: House, show: Show) -> Callable[[Visit, Request], Awaitable[Response | None]]:
    async def build(visitor: Visit, request: Request) -> Response | None:
        await show(house, visitor, request)
        return None

    return build
