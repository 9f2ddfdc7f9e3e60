"""How satisfied patients were, at `/survey`: scores of each item, month by month, and who gave their name."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from fastapi import Request

from server.core import Core
from server.dashboard import tables
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.pages.fleet import wards_shown
from server.dashboard.sheet import Sheet
from server.dashboard.survey.sheets import months_sheet, named_sheet, scores_sheet
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.survey.service import Month, in_all, months, named, waiting
from wardlink.i18n import domain

_ = domain("server").gettext

_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")


@dataclass(frozen=True)
class _Read:
    """What the page shows."""

    shown: Month
    months: list[Month]
    waiting: int
    named: Sheet


def register(core: Core) -> None:
    """The page at `/survey`."""
    page(core, "/survey", _survey, "survey.read")


async def _survey(visit: Visit, request: Request) -> None:
    asked = request.query_params
    ward, typed, number = asked.get("ward") or None, asked.get("q", "").strip()[:100], tables.page_of(asked.get("page"))
    month = asked["month"] if _MONTH.fullmatch(asked.get("month", "")) else None
    wards = await wards_shown(visit, ward)

    def read() -> _Read:
        visit.audit("search" if typed else "view", f"survey of {', '.join(wards)}")
        with visit.core.db.read() as conn:
            with_name = named_sheet(conn, named(conn, wards, month)).having(typed)
            return _Read(in_all(conn, wards, month), months(conn, wards), waiting(conn, wards), with_name)

    found = await asyncio.to_thread(read)
    here = address("/survey")
    kept = {name: value for name, value in (("ward", ward), ("month", month), ("q", typed)) if value}
    with framed(visit, _("Satisfaction"), here="survey", ward=ward):
        with tag("div", cls="page-head"):
            tag("h1", _("Satisfaction") + (f" {month}" if month else ""))
            tag(
                "p", _("Score % = sum of the points ÷ (most points × answers) × 100. Ten items of 5 points, one of 10.")
            )
            with tag("span", cls="tools"):
                if month:
                    tag("a", _("All months"), cls="button", href=here)
                tables.export(address("/survey.csv"), {"ward": ward} if ward else {})
        tag("p", _waiting_text(found.waiting), cls="notice")
        with tag("section", cls="section"):
            tag("h2", _("{n} answers").format(n=found.shown.answers))
            tables.show(scores_sheet(found.shown), label=_("Scores"), nothing=_("Nobody has answered yet."))
        with tag("section", cls="section"):
            tag("h2", _("Month by month"))
            tables.show(months_sheet(found.months), label=_("Month by month"), nothing=_("Nothing yet."))
        _named(here, kept, found.named, number)


def _waiting_text(n: int) -> str:
    said = _("Answers are read five at a time, so that nobody finds out whose they are.")
    return f"{said} " + (_("{n} wait for others.").format(n=n) if n else _("None waits."))


def _named(here: str, kept: dict[str, str], found: Sheet, number: int) -> None:
    begin = (number - 1) * tables.PER_PAGE
    with tag("section", cls="section"):
        tag("h2", _("Those who gave their name"))
        tables.search(here, kept.get("q", ""), {name: value for name, value in kept.items() if name != "q"})
        shown = Sheet(found.columns, found.rows[begin : begin + tables.PER_PAGE])
        tables.show(shown, label=_("Those who gave their name"), nothing=_("Nobody, or fewer than five so far."))
        tables.turn_pages(here, kept, number, total=len(found.rows))
