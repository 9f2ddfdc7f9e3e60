"""Wards at `/beds`, and the beds of one at `/beds/{ward}`, with the forms that make and name them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.core import Core
from server.dashboard import PREFIX, tables
from server.dashboard.beds.bed import close, give_back, one_bed, state_text
from server.dashboard.fields import send_button, text_field
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.posted import posted, say
from server.dashboard.sent_file import file_fields, say_of_file, sent_file, taken_text
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.patients.service import residents
from server.wards import acts, file, service
from server.wards.closures import Closure, not_over
from server.wards.service import WardEntry
from wardlink.clinical.bed_closing import OCCUPIED, UNOCCUPIED, status_of
from wardlink.errors import NotFound
from wardlink.i18n import domain
from wardlink.ids import is_slug
from wardlink.messages.changes import BedView

_ = domain("server").gettext

_MOST = 100


def register(core: Core) -> None:
    """The list of wards, and one of them."""
    page(core, "/beds", _list, "ward.manage")
    page(core, "/beds/{ward}", _one, "ward.manage")
    page(core, "/beds/{ward}/{bed}", one_bed, "ward.manage")


def wards_of(visit: Visit) -> list[WardEntry]:
    """The visitor's wards with their beds. Reads the database."""
    with visit.core.db.read() as conn:
        return [ward for ward in service.wards(conn) if visit.sees(ward.id)]


def closed_in(visit: Visit, wards: Sequence[str]) -> Mapping[tuple[str, str], Sequence[Closure]]:
    """Closings of beds in these wards that hold or will hold, by ward and bed. Reads the database."""
    now = visit.core.clock.now()
    with visit.core.db.read() as conn:
        found = {ward: not_over(conn, ward, now) for ward in wards}
    return {(ward, bed): closures for ward, beds in found.items() for bed, closures in beds.items()}


def beds_sheet(visit: Visit, wards: Sequence[WardEntry]) -> Sheet:
    """A line for each bed of these wards, with the code of FHIR's Location.operationalStatus. Reads the database."""
    closed, now = closed_in(visit, [ward.id for ward in wards]), visit.core.clock.now()
    with visit.core.db.read() as conn:
        taken = {(ward.id, stay.bed) for ward in wards for stay in residents(conn, ward.id)}

    def status(ward: str, bed: str) -> tuple[str, str]:
        held = next((each for each in closed.get((ward, bed), ()) if each.holds(now)), None)
        if held is not None:
            return status_of(held.reason), held.text()
        return (OCCUPIED if (ward, bed) in taken else UNOCCUPIED), ""

    columns = (
        Column("ward", _("Ward id"), "mono"),
        Column("name", _("Ward")),
        Column("bed", _("Bed id"), "mono"),
        Column("label", _("What stands on the wall")),
        Column("status", _("State (code)"), "mono"),
        Column("why", _("Closed because")),
    )
    rows = []
    for ward in wards:
        for bed in ward.beds:
            code, why = status(ward.id, bed.id)
            texts = {"ward": ward.id, "name": ward.name, "bed": bed.id, "label": bed.label, "status": code, "why": why}
            rows.append(Row(f"{ward.id}/{bed.id}", {name: Cell(text) for name, text in texts.items()}))
    return Sheet(columns, tuple(rows))


def _wards_sheet(wards: Sequence[WardEntry]) -> Sheet:
    columns = (Column("ward", _("Ward id"), "mono"), Column("name", _("Ward")), Column("beds", _("Beds"), "number"))
    rows = [
        Row(
            ward.id,
            {
                "ward": Cell(ward.id),
                "name": Cell(ward.name, href=address(f"/beds/{ward.id}")),
                "beds": Cell(str(len(ward.beds))),
            },
        )
        for ward in wards
    ]
    return Sheet(columns, tuple(rows))


async def _list(visit: Visit, request: Request) -> None:
    typed, number = request.query_params.get("q", "").strip()[:100], tables.page_of(request.query_params.get("page"))
    wards = await asyncio.to_thread(wards_of, visit)
    found = _wards_sheet(wards).having(typed)
    here, kept = address("/beds"), {"q": typed} if typed else {}
    with framed(visit, _("Wards and beds"), here="beds"):
        with tag("div", cls="page-head"):
            tag("h1", _("Wards and beds"))
            tag("p", _("Neither is ever deleted: records name them."))
            with tag("span", cls="tools"):
                tables.export(address("/beds.csv"), kept)
        say(request)
        tables.search(here, typed, {})
        begin = (number - 1) * tables.PER_PAGE
        shown = Sheet(found.columns, found.rows[begin : begin + tables.PER_PAGE])
        tables.show(
            shown, label=_("Wards and beds"), nothing=_("Nothing found.") if typed else _("There is no ward yet.")
        )
        tables.turn_pages(here, kept, number, total=len(found.rows))
        if visit.may("hospital.manage"):
            with tag("form", method="post", action=here, cls="ask"):
                tag("h2", _("Make a ward"))
                text_field(
                    "id", _("Ward id"), value=request.query_params.get("id", "")[:40], required=True, maxlength="40"
                )
                text_field(
                    "name",
                    _("Name of the ward"),
                    value=request.query_params.get("name", "")[:60],
                    required=True,
                    maxlength="60",
                )
                send_button(_("Make the ward"))
            _file_form(request)


def _file_form(request: Request) -> None:
    """A file that is looked at first, and then taken over as a whole or not at all."""
    say_of_file(request)
    with tag("form", method="post", action=address("/beds-file"), enctype="multipart/form-data", cls="ask"):
        tag("h2", _("Wards and beds from a file"))
        columns = _(
            "CSV with the columns 病区编号, 病区, 床位编号 and 床头标识 (or ward id, ward, bed id, bed label), a line a"
            " bed, as it is exported here. New ones are made behind those that are there, known ones are named anew;"
            " what is not in the file stays."
        )
        tag("p", columns)
        file_fields()


async def _one(visit: Visit, request: Request) -> None:
    id = request.path_params["ward"]
    visit.demand("ward.manage", id)
    ward = next((each for each in await asyncio.to_thread(wards_of, visit) if each.id == id), None)
    closed = await asyncio.to_thread(closed_in, visit, [id])
    if ward is None:
        raise NotFound(what="ward", name=id[:40])
    here = address(f"/beds/{ward.id}")
    with framed(visit, ward.name, here="beds"):
        with tag("div", cls="page-head"):
            tag("h1", ward.name)
            tag("p", _("Carts and bedside screens see a change within twelve hours, or when they start again."))
            with tag("span", cls="tools"):
                tag("a", _("All wards"), cls="button", href=address("/beds"))
                tables.export(address("/beds.csv"), {"ward": ward.id})
        say(request)
        if not ward.beds:
            tag("p", _("There is no bed yet."), cls="nothing")
        with tag("ol", cls="bed-list"):
            for place, bed in enumerate(ward.beds):
                _bed(
                    here,
                    bed,
                    closed.get((id, bed.id), ()),
                    visit.core.clock.now(),
                    is_first=place == 0,
                    is_last=place == len(ward.beds) - 1,
                )
        with tag("form", method="post", action=f"{here}/add", cls="ask"):
            tag("h2", _("Make a bed"))
            text_field(
                "bed", _("Bed id"), value=request.query_params.get("bed", "")[:40], required=True, maxlength="40"
            )
            label = request.query_params.get("label", "")[:20]
            text_field("label", _("What stands on the wall"), value=label, required=True, maxlength="20")
            send_button(_("Make the bed"))
        with tag("form", method="post", action=f"{here}/rename", cls="ask"):
            tag("h2", _("Change the name"))
            tag("input", type="hidden", name="was", value=ward.name)
            text_field("name", _("Name of the ward"), value=ward.name, required=True, maxlength="60")
            send_button(_("Save the change"))


def _bed(here: str, bed: BedView, closed: Sequence[Closure], now: datetime, *, is_first: bool, is_last: bool) -> None:
    with tag("li", id=f"bed-{bed.id}"):
        with tag("form", method="post", action=f"{here}/label", cls="line"):
            tag("input", type="hidden", name="bed", value=bed.id)
            tag("input", type="hidden", name="was", value=bed.label)
            tag("span", bed.id, cls="mono")
            tag(
                "input",
                type="text",
                name="label",
                value=bed.label,
                maxlength="20",
                required=True,
                aria_label=_("What stands on the wall of bed {bed}").format(bed=bed.id),
            )
            tag("button", _("Save"), type="submit", cls="button")
        way = f"{here}/{bed.id}"
        if closed:
            tag("a", state_text(closed, now), cls="button closed", href=way)
        else:
            tag("a", _("Close"), cls="button", href=way, aria_label=_("Close bed {bed}").format(bed=bed.id))
        for act, label, off in (("up", _("Move forward"), is_first), ("down", _("Move back"), is_last)):
            with tag("form", method="post", action=f"{here}/{act}", cls="line"):
                tag("input", type="hidden", name="bed", value=bed.id)
                name = _("Bed {bed}: {act}").format(bed=bed.id, act=label)
                tag("button", label, type="submit", cls="button", disabled=off or None, aria_label=name)


def routes(core: Core) -> APIRouter:
    """Each form leads back to its page, which says how it went."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.post("/beds")
    async def made(request: Request) -> Response:
        typed = await _typed(request)

        def work(visitor: Visit) -> None:
            visitor.demand("hospital.manage")
            acts.add_ward(core, visitor.person, typed.get("id", ""), typed.get("name", ""))

        then = f"/beds/{typed.get('id', '')}"
        return await asyncio.to_thread(posted, core, request, "/beds", work, then=then, typed=typed)

    @router.post("/beds-file")
    async def taken(request: Request) -> Response:
        def work(visitor: Visit, data: bytes, only_look: bool) -> str:
            return taken_text(file.take(core, visitor.person, data, only_look=only_look), only_look=only_look)

        return await sent_file(core, request, "/beds", demand=lambda v: v.demand("hospital.manage"), work=work)

    @router.post("/beds/{ward}/{act}")
    async def acted(request: Request, ward: str, act: str) -> Response:
        typed = await _typed(request)
        again = typed if act in ("add", "close") else {}
        path = f"/beds/{ward[:40]}"
        if act in ("close", "give-back") and is_slug(typed.get("bed", "")):
            path += f"/{typed['bed']}"
        return await asyncio.to_thread(posted, core, request, path, lambda v: _act(v, ward, act, typed), typed=again)

    return router


def _act(visitor: Visit, ward: str, act: str, typed: Mapping[str, str]) -> None:
    visitor.demand("ward.manage", ward)
    core, by = visitor.core, visitor.person
    bed, label, was = typed.get("bed", ""), typed.get("label", ""), typed.get("was", "")
    match act:
        case "add":
            acts.add_bed(core, by, ward, bed, label)
        case "label":
            acts.relabel_bed(core, by, ward, bed, label, was=was)
        case "up" | "down":
            acts.move_bed(core, by, ward, bed, up=act == "up")
        case "close":
            close(visitor, ward, typed)
        case "give-back":
            give_back(visitor, ward, typed)
        case "rename":
            acts.rename_ward(core, by, ward, typed.get("name", ""), was=was)
        case _:
            raise NotFound(what="page", name=act[:40])


async def _typed(request: Request) -> dict[str, str]:
    form = await request.form()
    return {name: str(value).strip()[:_MOST] for name, value in form.items() if isinstance(value, str)}
