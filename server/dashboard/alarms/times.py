"""How long calls and alerts waited, at `/alerts/times`: by class, kind, hour or day, with how it is counted."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime

from fastapi import Request

from server.core import Core
from server.dashboard import tables
from server.dashboard.alarms.asked import Asked, asked_of, say
from server.dashboard.alarms.times_sheets import Found, alerts_sheet, by_texts, calls_sheet, end_text, file_sheet, read
from server.dashboard.fields import choice_field, day_fields
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.pages.fleet import wards_shown
from server.dashboard.sheet import Sheet
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.kpis.response import By, Until
from wardlink.errors import NoRight
from wardlink.i18n import domain

_ = domain("server").gettext

ENDS: tuple[Until, ...] = ("answered", "there")


def register(core: Core) -> None:
    """The page."""
    page(core, "/alerts/times", _times, "ward.read")


def file(visitor: Visit, request: Request) -> Sheet:
    """The same as a file, to both ends of the wait."""
    query, now = request.query_params, visitor.core.clock.now()
    ward = query.get("ward") or None
    if ward is not None and not visitor.sees(ward):
        raise NoRight
    asked = asked_of([code for code, _name in visitor.wards() if ward in (None, code)], query, now)
    with visitor.core.db.read() as conn:
        found = {end: read(conn, asked, now, by=asked.by, until=end) for end in ENDS}
    return file_sheet(asked, found, now)


async def _times(visit: Visit, request: Request) -> None:
    query, now = request.query_params, visit.core.clock.now()
    ward = query.get("ward") or None
    asked = asked_of(await wards_shown(visit, ward), query, now)
    wards = dict(await asyncio.to_thread(visit.wards))

    def look() -> Found:
        visit.audit("list", f"response times of {', '.join(asked.wards)}"[:200])
        with visit.core.db.read() as conn:
            return read(conn, asked, now, by=asked.by, until=asked.end)

    found = await asyncio.to_thread(look)
    kept = asked.kept() | ({"ward": ward} if ward else {}) | {"by": asked.by, "end": asked.end}
    with framed(visit, _("Response times"), here="alerts", ward=ward):
        with tag("div", cls="page-head"):
            tag("h1", _("Response times"))
            tag("p", _of(asked, wards))
            with tag("span", cls="tools"):
                days = asked.kept() | ({"ward": ward} if ward else {})
                tag("a", _("History"), cls="button", href=tables.address_with(address("/alerts/history"), days))
                tables.export(address("/alerts/times.csv"), kept)
        _choose(wards, asked, kept)
        say(asked)
        show(found, asked.by, asked.end, now)
        with tag("section", cls="section"):
            tag("h2", _("How this is counted"))
            for sentence in counted_texts(asked.end):
                tag("p", sentence)


def counted_texts(end: Until) -> tuple[str, ...]:
    """The formula and the denominator, as they stand on the page."""
    begun = {
        "answered": _(
            "The time runs from the first press, or from when the alert was raised, until the first person took it, "
            "was there or dealt with it. Seconds that have begun count whole."
        ),
        "there": _(
            "The time runs from the first press, or from when the alert was raised, until the first person said to be "
            "there. Seconds that have begun count whole."
        ),
    }[end]
    return (
        begun,
        _(
            "Formula (nearest rank): all times of a line in order, the shortest first; P50 is the one at place "
            "⌈0.50 × number⌉, P90 the one at place ⌈0.90 × number⌉."
        ),
        _(
            "Denominator: everything raised in these days, also what still waits and what ended without. These stand "
            "behind all others in the order and so never make a figure better; where the place falls on one of them, "
            "the figure is “not reached”. The longest is of those that were met."
        ),
        _(
            "Calls that the patient took back stand beside and are in no other figure, as on the page of KPIs. Alerts "
            "of calls are counted with their calls, alerts behind one for many with that one."
        ),
        _("In time: calls by the times of their reason, alerts as the chains that hold now ask; of the whole number."),
    )


def show(found: Found, by: By, until: Until, now: datetime) -> None:
    """Both tables."""
    for heading, sheet, nothing in (
        (_("Calls"), calls_sheet(found.calls, by, until, now), _("No call in these days.")),
        (_("Alerts"), alerts_sheet(found.alerts, by, until, now), _("No alert in these days.")),
    ):
        with tag("section", cls="section"):
            tag("h2", heading)
            tables.show(sheet, label=heading, nothing=nothing)


def _of(asked: Asked, wards: Mapping[str, str]) -> str:
    named = ", ".join(wards.get(ward, ward) for ward in asked.wards)
    return _("{since} to {until}, wards: {wards}").format(wards=named, **asked.kept())


def _choose(wards: Mapping[str, str], asked: Asked, kept: Mapping[str, str]) -> None:
    with tag("form", method="get", action=address("/alerts/times"), cls="table-tools"):
        choice_field("ward", _("Ward"), [("", _("All of mine")), *wards.items()], kept.get("ward", ""))
        day_fields(asked.since, asked.until)
        choice_field("by", _("Lines"), list(by_texts()), asked.by)
        choice_field("end", _("Time until"), [(end, end_text(end)) for end in ENDS], asked.end)
        tag("button", _("Show"), type="submit", cls="button")
