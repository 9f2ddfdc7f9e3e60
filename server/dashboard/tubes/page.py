"""The tubes that a patient has and had, at `/tubes/{stay}`; one that came out unplanned leads to its report."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from sqlalchemy import Row as Found

from server.adverse.tubes import tubes_of
from server.core import Core
from server.dashboard import tables
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.pages.stay import readable
from server.dashboard.posted import say
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.instants import instant
from server.dashboard.sheets.names import staff_names
from server.dashboard.tags import tag
from server.dashboard.tubes.forms import ending_forms, put_in_form, strike_form
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING, actor_text
from wardlink.clinical.adverse_events import answers, device_text
from wardlink.clock import ward_time
from wardlink.i18n import domain
from wardlink.messages.encounters import EncounterView

_ = domain("server").gettext


def register(core: Core) -> None:
    """The page."""
    page(core, "/tubes/{name}", _show, "ward.read")


async def _show(visit: Visit, request: Request) -> None:
    name = request.path_params["name"]

    def read() -> tuple[EncounterView, Sequence[Found[Any]], dict[str, str]]:
        stay = readable(visit, name)
        visit.audit("view", "tubes", stay.id)
        with visit.core.db.read() as conn:
            return stay, tubes_of(conn, stay.id), staff_names(conn)

    stay, found, staff = await asyncio.to_thread(read)
    now = visit.core.clock.now()
    title = _("Tubes: {name}, bed {bed}").format(name=stay.name, bed=stay.bed)
    with framed(visit, title, here="", ward=stay.ward):
        with tag("div", cls="page-head"):
            tag("h1", title)
            tag("a", _("Back to the patient"), cls="button", href=address(f"/stay/{stay.id}"))
        say(request)
        with tag("section", cls="section"):
            tables.show(_sheet(stay, found, staff, now), label=_("Tubes"), nothing=_("No tube was entered yet."))
        if visit.may("tube.write"):
            with tag("section", cls="section acts"):
                put_in_form(stay.id, now)
                for row in (one for one in found if one.struck_by is None):
                    if row.removed_at is None:
                        ending_forms(stay.id, row, now)
                    else:
                        strike_form(stay.id, row)


def _sheet(stay: EncounterView, found: Sequence[Found[Any]], staff: Mapping[str, str], now: datetime) -> Sheet:
    columns = (
        Column("tube", _("Tube or machine")),
        Column("in", _("Inserted")),
        Column("by", _("Entered by")),
        Column("out", _("Out")),
        Column("how", _("How it came out")),
        Column("why", _("Struck out"), "wide"),
    )
    rows = []
    for row in found:
        is_open = row.removed_at is None
        cells = {
            "tube": Cell(device_text(row.device)),
            "in": instant(row.inserted_at, now),
            "by": Cell(actor_text(row.inserted_by, staff)),
            "out": Cell(_("in place")) if is_open else instant(row.removed_at, now),
            "how": Cell(NOTHING) if is_open else _how(stay, row),
            "why": Cell(row.reason or NOTHING, "why"),
        }
        rows.append(Row(row.id, cells, "struck" if row.struck_by is not None else ""))
    return Sheet(columns, tuple(rows))


def _how(stay: EncounterView, row: Found[Any]) -> Cell:
    if row.planned:
        return Cell(_("as planned"))
    if row.device not in answers("tube"):
        return Cell(_("unplanned"))
    at = f"{ward_time(row.removed_at):%Y-%m-%dT%H:%M}"
    asked = {"ward": stay.ward, "kind": "tube", "stay": stay.id, "tube": row.device, "at": at}
    return Cell(_("unplanned: report the event"), href=address("/events-new") + "?" + urlencode(asked))
