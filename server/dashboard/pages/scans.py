"""Refused scans for the manager: by reason, ward, bed or nurse, over some days."""

from __future__ import annotations

import asyncio

from fastapi import Request

from server.core import Core
from server.dashboard import tables
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.sheet import Sheet
from server.dashboard.sheets import scans
from server.dashboard.sheets.names import staff_names, ward_names
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from wardlink.i18n import domain

_ = domain("server").gettext


def register(core: Core) -> None:
    """The counts at `/scans`."""
    page(core, "/scans", _show, "audit.read")


async def _show(visit: Visit, request: Request) -> None:
    wanted = scans.asked(request.query_params, visit.core.clock.now())
    number = tables.page_of(request.query_params.get("page"))

    def read() -> Sheet:
        visit.audit("view", "refused scans")
        with visit.core.db.read() as conn:
            return scans.sheet(conn, wanted, staff_names(conn), ward_names(conn))

    found = await asyncio.to_thread(read)
    here, days = address("/scans"), {"from": wanted.from_on.isoformat(), "to": wanted.to_on.isoformat()}
    kept = days | {"by": wanted.by}
    begin = (number - 1) * tables.PER_PAGE
    with framed(visit, _("Refused scans"), here="scans"):
        with tag("div", cls="page-head"):
            tag("h1", _("Refused scans"))
            tag("p", _("What a cart refused and why: look for labels and ways of working, not for somebody to blame."))
            with tag("span", cls="tools"):
                tables.choices(
                    _("Count by"),
                    [
                        (label, f"{here}?from={days['from']}&to={days['to']}&by={by}", by == wanted.by)
                        for by, label in (
                            ("all", _("All")),
                            ("reason", _("Reason")),
                            ("ward", _("Ward")),
                            ("bed", _("Bed")),
                            ("nurse", _("Who")),
                        )
                    ],
                )
                tables.export(address("/scans.csv"), kept)
        with tag("form", method="get", action=here, role="search", cls="table-tools"):
            for name, label in (("from", _("From")), ("to", _("To"))):
                with tag("label"):
                    tag("span", label)
                    tag("input", type="date", name=name, value=kept[name])
            tag("input", type="hidden", name="by", value=wanted.by)
            tag("button", _("Search"), type="submit", cls="button")
        shown = Sheet(found.columns, found.rows[begin : begin + tables.PER_PAGE])
        tables.show(shown, label=_("Refused scans"), nothing=_("No scan was refused in these days."))
        tables.turn_pages(here, kept, number, total=len(found.rows))
