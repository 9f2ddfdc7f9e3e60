"""The hand-overs of a ward, shift by shift: to be read, printed and exported; they are written at the carts."""

from __future__ import annotations

import asyncio
from datetime import datetime

from fastapi import Request
from starlette.datastructures import QueryParams

from server.core import Core
from server.dashboard import tables
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.pages.fleet import wards_shown
from server.dashboard.sheet import Sheet
from server.dashboard.sheets import handovers
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from wardlink.clinical.shifts import Shift, shift_at
from wardlink.i18n import domain

_ = domain("server").gettext


def register(core: Core) -> None:
    """The list at `/handovers`."""
    page(core, "/handovers", _list, "ward.read")


def shift_asked(asked: QueryParams, now: datetime) -> Shift:
    """The shift that holds the instant `at` of the address; the running one if there is none, or no instant."""
    try:
        at = datetime.fromisoformat(asked.get("at", ""))
        return shift_at(at) if at.tzinfo is not None else shift_at(now)
    except (ValueError, OverflowError):
        return shift_at(now)


async def _list(visit: Visit, request: Request) -> None:
    asked, now = request.query_params, visit.core.clock.now()
    shift, ward = shift_asked(asked, now), asked.get("ward", "")
    wards = await wards_shown(visit, ward or None)

    def read() -> dict[str, Sheet]:
        visit.audit("view", f"hand-overs of {', '.join(wards)}")
        with visit.core.db.read() as conn:
            return {name: handovers.of_ward(conn, name, shift, now) for name in wards}

    found = await asyncio.to_thread(read)
    here, of_ward = address("/handovers"), f"&ward={ward}" if ward else ""
    with framed(visit, _("Hand-over"), here="handovers", ward=ward or None):
        with tag("div", cls="page-head"):
            tag("h1", _("Hand-over"))
            tag("p", handovers.shift_text(shift))
            with tag("span", cls="tools"):
                tables.choices(
                    _("Shift"),
                    [
                        (_("the one before"), f"{here}?at={_at(shift.before())}{of_ward}", False),
                        (_("the running one"), f"{here}?{of_ward[1:]}", shift == shift_at(now)),
                        (_("the one after"), f"{here}?at={_at(shift.after())}{of_ward}", False),
                    ],
                )
                kept = {"ward": ward, "at": shift.begins_at.isoformat()}
                tables.export(address("/handovers.csv"), {name: value for name, value in kept.items() if value})
        for name, sheet in found.items():
            if len(found) > 1:
                tag("h2", name)
            tables.show(sheet, label=_("Hand-over"), nothing=_("Nothing was handed over in this shift yet."))


def _at(shift: Shift) -> str:
    return shift.begins_at.strftime("%Y-%m-%dT%H:%M:%SZ")
