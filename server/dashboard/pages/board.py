"""The bed board of a ward."""

from __future__ import annotations

import asyncio

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from server.core import Core
from server.dashboard.feeds import Feeds
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.live_elements import BedBoard
from server.dashboard.pacing import Inlet
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import board_words
from wardlink.errors import NoRight, NotFound
from wardlink.i18n import domain

_ = domain("server").gettext


def register(core: Core) -> None:
    """The board at `/`."""
    feeds = Feeds(core)

    async def board(visit: Visit, request: Request) -> Response | None:
        if not visit.may("ward.read"):
            return RedirectResponse(address("/fleet"))
        wards = await asyncio.to_thread(visit.wards)
        ward = request.query_params.get("ward")
        if ward is None:
            if len(wards) == 1:
                return RedirectResponse(address(f"/?ward={wards[0][0]}"))
            return RedirectResponse(address("/hospital"))
        if not visit.sees(ward):
            raise NoRight
        if ward not in dict(wards):
            raise NotFound(what="ward", name=ward[:40])
        await _show(visit, feeds, ward, request.query_params.get("show", "all"))
        return None

    page(core, "/", board, "ward.read", "device.manage", "audit.read")


async def _show(visit: Visit, feeds: Feeds, ward: str, show: str) -> None:
    inlet = Inlet()
    seat = await feeds.join(ward, inlet.send)
    first = seat.first
    ui.context.client.on_delete(seat.leave)
    await asyncio.to_thread(visit.audit, "view", f"board of ward {ward}")
    with framed(visit, _("Bed board of {ward}").format(ward=first["ward"]), here="board", ward=ward, on_wall=True):
        with tag("div", cls="page-head"):
            tag("h1", first["ward"])
        element = BedBoard(first, board_words(), stay=address("/stay/"), show=show)

    async def catch_up() -> None:
        element.apply(await seat.whole())

    element.catch_up = catch_up
    inlet.open(element.apply)
