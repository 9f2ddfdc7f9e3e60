"""The bed board of a ward, and the choice of a ward."""

from __future__ import annotations

import asyncio

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from nicegui import ui
from sqlalchemy import func, select
from sqlmodel import col

from server.calls.models import CallRow
from server.calls.rules import OPEN
from server.core import Core
from server.dashboard.feeds import Feeds
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.live_elements import BedBoard
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import board_words
from server.patients.models import Bed, Encounter
from wardlink.errors import NoRight, NotFound
from wardlink.i18n import domain

_ = domain("server").gettext


def register(core: Core) -> None:
    """The board at `/`, the choice at `/wards`."""
    feeds = Feeds(core)

    async def board(visit: Visit, request: Request) -> Response | None:
        if not visit.may("ward.read"):
            return RedirectResponse(address("/fleet"))
        wards = await asyncio.to_thread(visit.wards)
        ward = request.query_params.get("ward")
        if ward is None:
            if len(wards) == 1:
                return RedirectResponse(address(f"/?ward={wards[0][0]}"))
            return RedirectResponse(address("/wards"))
        if not visit.sees(ward):
            raise NoRight
        if ward not in dict(wards):
            raise NotFound(what="ward", name=ward[:40])
        await _show(visit, feeds, ward, request.query_params.get("show", "all"))
        return None

    async def choose(visit: Visit, _request: Request) -> None:
        wards = await asyncio.to_thread(visit.wards)
        counts = await asyncio.to_thread(_counts, visit)
        with framed(visit, _("Wards"), here="wards"):
            with tag("div", cls="page-head"):
                tag("h1", _("Wards"))
            with tag("div", cls="wards"):
                for ward, name in wards:
                    with tag("a", cls="ward", href=address(f"/?ward={ward}")):
                        tag("b", name)
                        occupied, beds, calls = (counts[what].get(ward, 0) for what in ("occupied", "beds", "calls"))
                        taken = _("{occupied} of {beds} beds taken").format(occupied=occupied, beds=beds)
                        tag("span", taken, cls="muted")
                        if calls:
                            tag("span", _("{n} open calls").format(n=calls), cls="calls")
            if not wards:
                tag("p", _("You are not assigned to a ward. Please ask the administrator."), cls="notice")

    page(core, "/", board, "ward.read", "device.manage", "audit.read")
    page(core, "/wards", choose, "ward.read")


def _counts(visit: Visit) -> dict[str, dict[str, int]]:
    queries = {
        "beds": select(col(Bed.ward), func.count()).group_by(col(Bed.ward)),
        "occupied": select(col(Encounter.ward), func.count())
        .where(col(Encounter.status) == "in-progress")
        .group_by(col(Encounter.ward)),
        "calls": select(col(CallRow.ward), func.count())
        .where(col(CallRow.state).in_(OPEN))
        .group_by(col(CallRow.ward)),
    }
    with visit.core.db.read() as conn:
        return {name: {row[0]: row[1] for row in conn.execute(query)} for name, query in queries.items()}


async def _show(visit: Visit, feeds: Feeds, ward: str, show: str) -> None:
    elements: list[BedBoard] = []

    def send(frame: bytes) -> None:
        for element in elements:
            element.apply(frame)

    seat = await feeds.join(ward, send)
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
    elements.append(element)
