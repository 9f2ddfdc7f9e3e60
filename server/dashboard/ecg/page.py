"""The work list of strips at `/ecg`."""

from __future__ import annotations

import asyncio

from fastapi import Request

from server.core import Core
from server.dashboard import tables
from server.dashboard.ecg.drafts import Drafts
from server.dashboard.ecg.listing import wants_all, worklist
from server.dashboard.ecg.one import one
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.pages.fleet import wards_shown
from server.dashboard.sheet import Sheet
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from wardlink.i18n import domain

_ = domain("server").gettext


def register(core: Core, drafts: Drafts) -> None:
    """The list and one of it."""
    page(core, "/ecg", _list, "ward.read")
    page(core, "/ecg/{name}", lambda visitor, request: one(visitor, request, drafts), "ward.read")


async def _list(visit: Visit, request: Request) -> None:
    query = request.query_params
    ward, typed, every = query.get("ward", ""), query.get("q", "").strip()[:100], wants_all(query)
    wards = await wards_shown(visit, ward or None)
    number, here = tables.page_of(query.get("page")), address("/ecg")

    def read() -> Sheet:
        visit.audit("search" if typed else "list", f"ecg strips of {', '.join(wards)}")
        return worklist(visit.core, wards, every=every).having(typed)

    found = await asyncio.to_thread(read)
    names = dict(await asyncio.to_thread(visit.wards))
    kept = {name: value for name, value in (("ward", ward), ("q", typed), ("state", "all" if every else "")) if value}
    with framed(visit, _("ECG"), here="ecg", ward=ward or None):
        with tag("div", cls="page-head"):
            tag("h1", _("ECG"))
            tag(
                "p",
                _("Strips of everybody who lies here, and of the last 30 days. What no doctor has reported is first."),
            )
            with tag("span", cls="tools"):
                of_ward = {"ward": ward} if ward else {}
                ways = [
                    (_("not reported"), tables.address_with(here, of_ward | {"state": "waiting"}), not every),
                    (_("all"), tables.address_with(here, of_ward | {"state": "all"}), every),
                ]
                tables.choices(_("Show"), ways)
                tables.export(address("/ecg.csv"), kept)
        if len(names) > 1:
            with tag("p"):
                of = [(_("all wards"), "", not ward), *((name, one, one == ward) for one, name in names.items())]
                state = {"state": "all"} if every else {}
                ways = [
                    (name, tables.address_with(here, state | ({"ward": one} if one else {})), is_it)
                    for name, one, is_it in of
                ]
                tables.choices(_("Ward"), ways)
        tables.search(here, typed, {name: value for name, value in kept.items() if name != "q"})
        begin = (number - 1) * tables.PER_PAGE
        shown = Sheet(found.columns, found.rows[begin : begin + tables.PER_PAGE])
        nothing = _("Nothing found.") if typed else _("No strips yet.") if every else _("No strip waits for a report.")
        tables.show(shown, label=_("ECG"), nothing=nothing)
        tables.turn_pages(here, kept, number, total=len(found.rows))
