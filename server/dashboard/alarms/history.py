"""What became of alerts and calls: how long those of a class waited, and a list of all one by one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime

from fastapi import Request
from sqlalchemy import Connection

from server.core import Core
from server.dashboard import tables
from server.dashboard.alarms import times_sheets
from server.dashboard.alarms.asked import Asked, asked_of, say
from server.dashboard.alarms.times import show
from server.dashboard.alarms.times_sheets import Found, seconds_text
from server.dashboard.fields import day_fields, text_field
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.pages.fleet import wards_shown
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.instants import instant
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING
from server.kpis.alert_times import answered_at, there_at
from server.record.service import records_of
from wardlink.i18n import domain
from wardlink.messages.alert_words import detail_text, role_text, state_text, title
from wardlink.messages.alerts import AlertView
from wardlink.record.alerts import ALERT

_ = domain("server").gettext

MOST = 20_000
"""More alerts than this are not read at once; the page says so."""

InWard = tuple[str, AlertView]
"""An alert and its ward."""


def read(conn: Connection, asked: Asked) -> tuple[list[InWard], bool]:
    """The alerts of these days, the newest first, and whether there are more of them."""
    since, until = asked.begins_at(), asked.ends_at()
    found = [
        (ward, view)
        for ward in asked.wards
        for view in records_of(conn, ALERT, ward=ward, since=since, until=until, newest_first=True, limit=MOST + 1)
    ]
    found.sort(key=lambda one: (one[1].raised_at, one[1].id), reverse=True)
    return found[:MOST], len(found) > MOST


def list_sheet(found: Iterable[InWard], now: datetime, *, with_ward: bool) -> Sheet:
    """A line an alert, the newest first."""
    columns = (
        Column("raised", _("Raised")),
        *((Column("ward", _("Ward")),) if with_ward else ()),
        Column("bed", _("Bed")),
        Column("what", _("What"), "wide"),
        Column("detail", _("Detail")),
        Column("asked", _("Asked")),
        Column("state", _("State")),
        Column("taken", _("Taken after"), "number"),
        Column("there", _("There after"), "number"),
        Column("outcome", _("What was done"), "wide"),
    )
    return Sheet(columns, tuple(_row(ward, view, now) for ward, view in found))


def _row(ward: str, view: AlertView, now: datetime) -> Row:
    cells = {
        "raised": instant(view.raised_at, now),
        "ward": Cell(ward),
        "bed": Cell(view.bed or NOTHING),
        "what": Cell(title(view)),
        "detail": Cell(detail_text(view) or NOTHING),
        "asked": Cell(", ".join(role_text(role) for role in view.offered_to)),
        "state": Cell(state_text(view)),
        "taken": Cell(seconds_text(_until(view, answered_at(view)))),
        "there": Cell(seconds_text(_until(view, there_at(view)))),
        "outcome": Cell(view.outcome or NOTHING),
    }
    return Row(view.id, cells)


def register(core: Core) -> None:
    """The page at `/alerts/history`."""
    page(core, "/alerts/history", _history, "ward.read")


def _until(view: AlertView, at: datetime | None) -> float | None:
    # Two clocks may have written this: nobody is there before the alert.
    return None if at is None else max(0.0, (at - view.raised_at).total_seconds())


async def _history(visit: Visit, request: Request) -> None:
    query, now = request.query_params, visit.core.clock.now()
    ward = query.get("ward") or None
    asked = asked_of(await wards_shown(visit, ward), query, now)
    typed, number = query.get("q", "").strip()[:100], tables.page_of(query.get("page"))

    def look() -> tuple[list[InWard], bool, Found]:
        visit.audit("search" if typed else "list", f"alerts of {', '.join(asked.wards)}")
        with visit.core.db.read() as conn:
            times = times_sheets.read(conn, asked, now, by="class", until="answered")
            return *read(conn, asked), times

    found, is_cut, times = await asyncio.to_thread(look)
    listed = list_sheet(found, now, with_ward=len(asked.wards) > 1).having(typed)
    days = asked.kept()
    kept = days | ({"ward": ward} if ward else {}) | ({"q": typed} if typed else {})
    here, begin = address("/alerts/history"), (number - 1) * tables.PER_PAGE
    with framed(visit, _("Alerts and calls, history"), here="alerts", ward=ward):
        with tag("div", cls="page-head"):
            tag("h1", _("Alerts and calls, history"))
            tag("p", _("{since} to {until}, {n} in all").format(n=len(found), **days))
            with tag("span", cls="tools"):
                of_ward = f"?ward={ward}" if ward else ""
                tag("a", _("Open ones"), cls="button", href=address(f"/alerts{of_ward}"))
                of_days = days | ({"ward": ward} if ward else {})
                tag("a", _("Response times"), cls="button", href=tables.address_with(address("/alerts/times"), of_days))
                tables.export(address("/alerts/history.csv"), kept)
        _choose(here, asked, ward, typed)
        say(asked)
        if is_cut:
            cut = _("Only the newest {n} are shown one by one. Please choose fewer days.")
            tag("p", cut.format(n=MOST), cls="notice")
        show(times, "class", "answered", now)
        with tag("section", cls="section"):
            tag("h2", _("One by one"))
            shown = Sheet(listed.columns, listed.rows[begin : begin + tables.PER_PAGE])
            tables.show(
                shown, label=_("One by one"), nothing=_("No alert fits.") if typed else _("No alert in these days.")
            )
            tables.turn_pages(here, kept, number, total=len(listed.rows))


def _choose(here: str, asked: Asked, ward: str | None, typed: str) -> None:
    with tag("form", method="get", action=here, cls="table-tools"):
        if ward:
            tag("input", type="hidden", name="ward", value=ward)
        day_fields(asked.since, asked.until)
        text_field("q", _("Search"), type="search", value=typed, maxlength="100")
        tag("button", _("Show"), type="submit", cls="button")
