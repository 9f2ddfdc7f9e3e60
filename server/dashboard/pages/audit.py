"""The access audit: searched by text and day, and its chain checked together with those of the change logs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from fastapi import Request
from nicegui.element import Element

from server.chain import ChainCheck
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
from server.dashboard.words import actor_text, time_text
from server.identity import anchors
from wardlink.i18n import domain, speaking

_ = domain("server").gettext


@dataclass(frozen=True)
class _Read:
    """The lines of the page, how many there are, the anchor of now, and how the last check went, with its class."""

    sheet: Sheet
    total: int
    lines: str
    checked: tuple[str, str]


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

    def read() -> _Read:
        visit.audit("view", "access audit")
        with visit.core.db.read() as conn:
            begin, names = (number - 1) * tables.PER_PAGE, staff_names(conn)
            found = audit.sheet(conn, search, names, now, limit=tables.PER_PAGE, offset=begin)
            checked = anchors.last_check(conn)
            lines = anchors.as_text(anchors.lines(anchors.heads(conn), now))
            return _Read(found, audit.count(conn, search), lines, _last(checked, names, now))

    read_ = await asyncio.to_thread(read)
    kept = {name: value for name in ("q", "from", "to") if (value := asked.get(name, ""))}
    here = address("/audit")
    with framed(visit, _("Access record"), here="audit"):
        with tag("div", cls="page-head"):
            tag("h1", _("Access record"))
            tag("p", _("Every sign-in and every look at a patient's data, in a chain that shows any change."))
            with tag("span", cls="tools"):
                tables.export(address("/audit.csv"), kept)
        _check(visit, read_.checked)
        _anchor(read_.lines)
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
        tables.show(read_.sheet, label=_("Access record"), nothing=_("Nothing found."))
        tables.turn_pages(here, kept, number, total=read_.total)


def _last(checked: tuple[datetime, str, bool] | None, names: Mapping[str, str], now: datetime) -> tuple[str, str]:
    if checked is None:
        return _("The chains were never checked."), "muted"
    at, actor, whole = checked
    words = _("Last checked {at} by {name}: all whole.") if whole else _("Last checked {at} by {name}: BROKEN.")
    said = words.format(at=time_text(at, now), name=actor_text(actor, names))
    return said, "" if whole else "bad"


def _anchor(lines: str) -> None:
    with tag("details", cls="section"):
        tag("summary", _("Anchor: the heads of the chains, to be kept outside"))
        tag(
            "p",
            _(
                "Whoever can write to the database can write a whole chain anew; these lines then fit no more. Keep"
                " them where that person has no hand. To compare: wardlink audit check --anchors FILE."
            ),
        )
        tag("pre", lines, cls="raw mono", tabindex="0", role="region", aria_label=_("Anchor"))


def _check(visit: Visit, checked: tuple[str, str]) -> None:
    tag("p", checked[0], cls=checked[1], id="checked")
    with tag("div", cls="table-tools"):
        with tag("button", _("Check the chains"), type="button", cls="button") as button:
            pass
        said = tag("div", role="status")

    async def check() -> None:
        with speaking(visit.language):
            _say(said, [(_("Checking. A long record takes a while."), "notice")])
            found = await asyncio.to_thread(_walk, visit)
            _say(said, [_result(name, result) for name, result in found.items()])

    button.on("click", check)


def _walk(visit: Visit) -> dict[str, ChainCheck]:
    found = anchors.check(visit.core.db, {})
    anchors.note_check(visit.core, str(visit.person.actor), found)
    return found


def _result(chain: str, check: ChainCheck) -> tuple[str, str]:
    ward = chain.removeprefix(anchors.name_of(""))
    name = _("Access record") if chain == anchors.AUDIT else _("Changes of ward {ward}").format(ward=ward)
    if check.whole:
        return _("{name}: whole, {n} lines.").format(name=name, n=check.rows), "notice good"
    words = _("{name}: BROKEN at line {n}. Somebody has changed the record. Please tell the technician at once.")
    return words.format(name=name, n=check.broken_at), "notice bad"


def _say(said: Element, lines: list[tuple[str, str]]) -> None:
    said.clear()
    with said:
        for text, cls in lines:
            tag("p", text, cls=cls)
