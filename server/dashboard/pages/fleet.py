"""The devices of the visitor's wards, live: silence shows within twelve seconds."""

from __future__ import annotations

import asyncio

import orjson
from fastapi import Request
from nicegui import ui

from server.core import Core
from server.dashboard import tables
from server.dashboard.devices import page as devices
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.live_elements import LiveTable
from server.dashboard.posted import say
from server.dashboard.sheet import Sheet
from server.dashboard.sheets import fleet
from server.dashboard.tags import tag
from server.dashboard.tile import millis
from server.dashboard.visit import Visit
from server.dashboard.words import table_words
from server.ops.health import working
from wardlink.errors import NoRight
from wardlink.i18n import domain, speaking

_ = domain("server").gettext

_EVERY_S = 1.0


def register(core: Core) -> None:
    """The fleet at `/fleet`."""
    page(core, "/fleet", _show, "ward.read", "device.manage")
    devices.register(core)


async def _show(visit: Visit, request: Request) -> None:
    ward = request.query_params.get("ward")
    wards = await wards_shown(visit, ward)
    now = visit.core.clock.now()
    may_manage = visit.may("device.manage")
    first = await asyncio.to_thread(fleet.sheet, visit.core, wards, linked=may_manage)
    sent = first.live_rows()
    kept = {"ward": ward} if ward else {}
    with framed(visit, _("Devices"), here="fleet", ward=ward):
        with tag("div", cls="page-head"):
            tag("h1", _("Devices"))
            tag("p", _("A device that says nothing for ten seconds is shown as silent."))
            with tag("span", cls="tools"):
                tables.export(address("/fleet.csv"), kept)
        say(request)
        devices.health(visit.core, await asyncio.to_thread(working, visit.core))
        table = LiveTable(
            [{"name": c.name, "label": c.label, "cls": c.cls} for c in first.columns],
            {"now": millis(now), "rows": sent, "order": list(sent)},
            table_words(),
            find=request.query_params.get("q", ""),
        )
        if may_manage:
            await devices.manage(visit, wards)

    async def refresh() -> None:
        nonlocal sent
        with speaking(visit.language):
            found = await asyncio.to_thread(fleet.sheet, visit.core, wards, linked=may_manage)
        sent = _send(visit.core, table, found, sent)

    ui.timer(_EVERY_S, refresh)


def _send(
    core: Core, table: LiveTable, found: Sheet, sent: dict[str, dict[str, object]]
) -> dict[str, dict[str, object]]:
    rows = found.live_rows()
    frame: dict[str, object] = {
        "now": millis(core.clock.now()),
        "rows": {key: row for key, row in rows.items() if sent.get(key) != row},
    }
    if list(rows) != list(sent):
        frame["order"] = list(rows)
    # What was left out is different from what the browser has, and so it is sent the next time.
    return rows if table.apply(orjson.dumps(frame)) else sent


async def wards_shown(visit: Visit, asked: str | None) -> list[str]:
    """The ward that was asked for, or all of the visitor's.

    Raises:
        NoRight: the visitor does not work there.
    """
    if asked and not visit.sees(asked):
        raise NoRight
    return [ward for ward, _name in await asyncio.to_thread(visit.wards) if asked in (None, "", ward)]
