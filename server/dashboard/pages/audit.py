"""The access audit: searched by text and day, and its chain checked together with those of the change logs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from fastapi import Request
from nicegui.element import Element
from sqlalchemy import select
from sqlmodel import col

from server.chain import ChainCheck, verify_changes
from server.core import Core
from server.dashboard import tables
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.sheet import Sheet
from server.dashboard.sheets import audit
from server.dashboard.sheets.audit import Search
from server.dashboard.sheets.names import staff_names
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.identity import audit as chain
from server.patients.models import Ward
from wardlink.i18n import domain, speaking

_ = domain("server").gettext


def register(core: Core) -> None:
    """The audit at `/audit`."""
    page(core, "/audit", _show, "audit.read")


def searched(asked: Mapping[str, str]) -> Search:
    """What an address looks for; a day that is none is not looked for."""
    return Search(asked.get("q", "")[:100], _day(asked.get("from")), _day(asked.get("to")))


def _day(text: str | None) -> date | None:
    if text:
        with suppress(ValueError):
            found = date.fromisoformat(text)
            return found if 1970 < found.year < 9999 else None
    return None


async def _show(visit: Visit, request: Request) -> None:
    asked = request.query_params
    search, number = searched(asked), tables.page_of(asked.get("page"))
    now = visit.core.clock.now()

    def read() -> tuple[Sheet, int]:
        visit.audit("view", "access audit")
        with visit.core.db.read() as conn:
            begin = (number - 1) * tables.PER_PAGE
            found = audit.sheet(conn, search, staff_names(conn), now, limit=tables.PER_PAGE, offset=begin)
            return found, audit.count(conn, search)

    found, total = await asyncio.to_thread(read)
    kept = {name: value for name in ("q", "from", "to") if (value := asked.get(name, ""))}
    here = address("/audit")
    with framed(visit, _("Access record"), here="audit"):
        with tag("div", cls="page-head"):
            tag("h1", _("Access record"))
            tag("p", _("Every sign-in and every look at a patient's data, in a chain that shows any change."))
            with tag("span", cls="tools"):
                tables.export(address("/audit.csv"), kept)
        _check(visit)
        with tag("form", method="get", action=here, role="search", cls="table-tools"):
            for name, label, kind in (
                ("q", _("Search"), "search"),
                ("from", _("From"), "date"),
                ("to", _("To"), "date"),
            ):
                with tag("label"):
                    tag("span", label)
                    tag("input", type=kind, name=name, value=kept.get(name, ""))
            tag("button", _("Search"), type="submit", cls="button")
        tables.show(found, label=_("Access record"), nothing=_("Nothing found."))
        tables.turn_pages(here, kept, number, total=total)


def _check(visit: Visit) -> None:
    with tag("div", cls="table-tools"):
        with tag("button", _("Check the chains"), type="button", cls="button") as button:
            pass
        said = tag("div", role="status")

    async def check() -> None:
        with speaking(visit.language):
            _say(said, [(_("Checking. A long record takes a while."), "notice")])
            found = await asyncio.to_thread(_walk, visit)
            _say(said, [_result(name, result) for name, result in found])

    button.on("click", check)


def _walk(visit: Visit) -> list[tuple[str, ChainCheck]]:
    visit.audit("check", "chains of the audit and of the change logs")
    with visit.core.db.read() as conn:
        found = [(_("Access record"), chain.verify(conn))]
        for ward in conn.execute(select(col(Ward.id)).order_by(col(Ward.id))).scalars().all():
            found.append((_("Changes of ward {ward}").format(ward=ward), verify_changes(conn, ward)))
    return found


def _result(name: str, check: ChainCheck) -> tuple[str, str]:
    if check.whole:
        return _("{name}: whole, {n} lines.").format(name=name, n=check.rows), "notice good"
    words = _("{name}: BROKEN at line {n}. Somebody has changed the record. Please tell the technician at once.")
    return words.format(name=name, n=check.broken_at), "notice bad"


def _say(said: Element, lines: list[tuple[str, str]]) -> None:
    said.clear()
    with said:
        for text, cls in lines:
            tag("p", text, cls=cls)
