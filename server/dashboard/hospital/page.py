"""All wards of the visitor at `/hospital`, live: a line each, those that need somebody first."""

from __future__ import annotations

import asyncio

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from server.core import Core
from server.dashboard import tables
from server.dashboard.feeds import Feeds
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.hospital.feed import HospitalFeed, Seen
from server.dashboard.hospital.sheet import Sort, columns, read, sheet
from server.dashboard.live_elements import LiveTable
from server.dashboard.pacing import Inlet
from server.dashboard.sheet import Sheet
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import table_words
from wardlink.i18n import domain

_ = domain("server").gettext

HERE = "/hospital"


def register(core: Core) -> None:
    """The page at `/hospital`; its old address leads there."""
    feeds = Feeds(core, HospitalFeed)

    async def show(visit: Visit, request: Request) -> None:
        await _show(visit, request, feeds)

    async def moved(_visit: Visit, _request: Request) -> Response:
        return RedirectResponse(address(HERE), status_code=303)

    page(core, HERE, show, "ward.read")
    page(core, "/wards", moved, "ward.read")


def file(visit: Visit, request: Request) -> Sheet:
    """The table as a file."""
    found = read(visit.core, [ward for ward, _name in visit.wards()])
    return sheet(visit.core, found, _sort(request))


async def _show(visit: Visit, request: Request, feeds: Feeds) -> None:
    sort = _sort(request)
    wards = tuple(ward for ward, _name in await asyncio.to_thread(visit.wards))
    inlet = Inlet()
    seat = await feeds.join(Seen(visit.language, sort, wards).key(), inlet.send)
    ui.context.client.on_delete(seat.leave)
    await asyncio.to_thread(visit.audit, "view", f"hospital, wards {', '.join(wards)}"[:200])
    with framed(visit, _("Wards"), here="wards", on_wall=True):
        with tag("div", cls="page-head"):
            tag("h1", _("Wards"))
            tag("p", _("What was measured long ago is grey: nobody knows how that ward is now."))
            with tag("span", cls="tools"):
                ways: tuple[tuple[str, Sort], ...] = ((_("By need"), "need"), (_("By ward"), "ward"))
                here = address(HERE)
                tables.choices(_("Order"), [(words, f"{here}?sort={way}", way == sort) for words, way in ways])
                tables.export(address("/hospital.csv"), {"sort": sort})
        if not wards:
            tag("p", _("You are not assigned to a ward. Please ask the administrator."), cls="notice")
            seat.leave()
            return
        table = LiveTable(
            [{"name": c.name, "label": c.label, "cls": c.cls} for c in columns()],
            seat.first,
            table_words() | {"table": _("Wards")},
            find=request.query_params.get("q", ""),
        )
        tag(
            "p", _("By need: a call for help, NEWS2 high, alerts, the longest call, late doses, old data."), cls="muted"
        )

    async def catch_up() -> None:
        table.apply(await seat.whole())

    table.catch_up = catch_up
    inlet.open(table.apply)


def _sort(request: Request) -> Sort:
    return "ward" if request.query_params.get("sort") == "ward" else "need"
