"""Messages that could not be taken in, for whoever looks after the devices: the list, and one of them whole."""

from __future__ import annotations

import asyncio

from fastapi import Request

from server.core import Core
from server.dashboard import tables
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.sheet import Sheet
from server.dashboard.sheets import parked
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING, time_text
from server.parked import service
from server.parked.service import ParkedMessage
from wardlink.errors import NotFound
from wardlink.i18n import N_, domain

_ = domain("server").gettext

_MOST_SHOWN = 8_000
"""Characters of a message that are shown; all of it stays in the database."""


_SAID = {
    "empty": N_("Please say what was done; without it the message stays open."),
    "refused": N_("It still cannot be taken in, or somebody has dealt with it already."),
}


def register(core: Core) -> None:
    """The list at `/parked`, one at `/parked/{number}`."""
    page(core, "/parked", _list, "parked.handle")
    page(core, "/parked/{number}", _one, "parked.handle")


async def _list(visit: Visit, request: Request) -> None:
    asked = request.query_params
    typed, closed = asked.get("q", "")[:100], asked.get("state") == "closed"
    number = tables.page_of(asked.get("page"))

    def read() -> Sheet:
        visit.audit("view", "parked messages")
        with visit.core.db.read() as conn:
            return parked.sheet(conn, visit.wards_bound(), visit.core.clock.now(), closed=closed).having(typed)

    found = await asyncio.to_thread(read)
    kept = {name: value for name, value in (("q", typed), ("state", asked.get("state", ""))) if value}
    here = address("/parked")
    begin = (number - 1) * tables.PER_PAGE
    with framed(visit, _("Set aside"), here="parked"):
        with tag("div", cls="page-head"):
            tag("h1", _("Set aside"))
            tag("p", _("Messages that the server could not take in. They are kept whole and hold up no other message."))
            with tag("span", cls="tools"):
                tables.choices(
                    _("Show"),
                    [(_("Open"), here, not closed), (_("Dealt with"), f"{here}?state=closed", closed)],
                )
                tables.export(address("/parked.csv"), kept)
        tables.search(here, typed, {name: value for name, value in kept.items() if name != "q"})
        shown = Sheet(found.columns, found.rows[begin : begin + tables.PER_PAGE])
        tables.show(shown, label=_("Set aside"), nothing=_("Nothing found.") if typed else _("Nothing was set aside."))
        tables.turn_pages(here, kept, number, total=len(found.rows))


async def _one(visit: Visit, request: Request) -> None:
    asked = request.path_params["number"]

    def read() -> ParkedMessage:
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
        with visit.core.db.read() as conn:
            found = service.one(conn, number)
        if not visit.reaches(found.ward):
            raise NotFound(what="parked message", name=asked[:40])
        visit.audit("view", f"parked message {found.id}")
        return found

    found = await asyncio.to_thread(read)
    with framed(visit, _("A message that was set aside"), here="parked"):
        with tag("div", cls="page-head"):
            tag("h1", _("A message that was set aside"))
        said = _SAID.get(request.query_params.get("said", ""))
        if said:
            tag("p", _(said), cls="notice bad", role="alert")
        tag("p", found.reason, cls="notice bad" if found.closed_at is None else "notice")
        _facts(visit, found)
        with tag("section", cls="section"):
            tag("h2", _("As it came"))
            tag("pre", found.payload.decode("utf-8", "replace")[:_MOST_SHOWN], cls="raw mono")
        if found.closed_at is None:
            _deal_with(found.id)
        tag("a", _("Back"), cls="button", href=address("/parked"))


def _facts(visit: Visit, found: ParkedMessage) -> None:
    now = visit.core.clock.now()
    facts = [
        (_("Received"), time_text(found.received_at, now)),
        (_("Device"), found.device or NOTHING),
        (_("Topic"), found.topic),
        (_("Code"), found.code),
        (_("Command"), found.command or NOTHING),
        (_("Times"), str(found.times)),
        (_("Bytes"), str(len(found.payload))),
    ]
    if found.closed_at is not None:
        facts += [
            (_("Closed"), time_text(found.closed_at, now)),
            (_("Closed by"), found.closed_by or NOTHING),
            (_("What was done"), found.closed_reason or NOTHING),
        ]
    with tag("dl", cls="facts"):
        for label, text in facts:
            with tag("div"):
                tag("dt", label)
                tag("dd", text)


def _deal_with(number: int) -> None:
    with tag("form", method="post", action=address(f"/parked/{number}/retry"), cls="ask"):
        tag("h2", _("Try again"))
        tag("p", _("Once the cause is removed, the server can take the message in as it is."))
        with tag("div", cls="actions"):
            tag("button", _("Try again"), type="submit", cls="button main")
    with tag("form", method="post", action=address(f"/parked/{number}/close"), cls="ask"):
        tag("h2", _("Dealt with in another way"))
        with tag("label"):
            tag("span", _("What was done? It stays in the record under your name."))
            tag("textarea", name="reason", maxlength="500", required=True)
        with tag("div", cls="actions"):
            tag("button", _("Close it for good"), type="submit", cls="button main")
