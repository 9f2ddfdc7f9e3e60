"""Who has which beds of a ward in the running shift and the next, at `/assignments`; given and taken at the desk."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.core import Core
from server.dashboard import PREFIX, tables
from server.dashboard.fields import choice_field
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.posted import posted, say
from server.dashboard.sheets.handovers import shift_text
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING
from server.handovers.giving import give, given
from server.patients.service import residents
from server.roster.service import Worker, nurses, on_shift, workers
from server.wards.service import beds_of
from wardlink.clinical.names import masked_name
from wardlink.clinical.roster import NURSES, monday
from wardlink.clinical.shifts import Shift, shift_at
from wardlink.clock import ward_date
from wardlink.errors import InvalidInput, NoRight, NotFound
from wardlink.i18n import N_, domain
from wardlink.messages.assignments import AssignmentView

_ = domain("server").gettext

_NO_SHIFT = N_("This is no shift.")


@dataclass(frozen=True)
class Bed:
    """A bed as the page shows it; `patient` None: nobody lies in it."""

    id: str
    label: str
    patient: str | None
    nurses: tuple[str, ...]


def register(core: Core) -> None:
    """The page."""
    page(core, "/assignments", _list, "ward.read")
    page(core, "/assignments/{ward}/{shift}", _one, "ward.read")


def listed(visit: Visit, ward: str, shift: Shift) -> tuple[list[Bed], list[Worker], set[str]]:
    """The beds, those that nobody has before the others and empty ones last; the nurses, and who of them is planned."""
    with visit.core.db.read() as conn:
        beds, held = beds_of(conn, ward), given(conn, ward, shift)
        lying = {stay.bed: masked_name(stay.name) for stay in residents(conn, ward)}
        people, planned = workers(conn, ward), set(on_shift(conn, ward, shift))
    visit.audit("list", f"assignments of {ward}")
    found = [Bed(bed.id, bed.label, lying.get(bed.id), _names(held.get(bed.id))) for bed in beds]
    found.sort(key=lambda bed: (bed.patient is None, bool(bed.nurses)))
    them = nurses(people)
    return found, [each for each in people if each.id in them], planned


def _names(view: AssignmentView | None) -> tuple[str, ...]:
    return () if view is None else tuple(step.by_name or step.by.id for step in view.nurses)


def _asked(visit: Visit, name: str) -> Shift:
    running = shift_at(visit.core.clock.now())
    return running.after() if name == "next" else running


async def _list(visit: Visit, request: Request) -> None:
    wards = [ward for ward, _name in await asyncio.to_thread(visit.wards)]
    ward = request.query_params.get("ward") or next(iter(wards), None)
    if ward is None:
        raise NoRight
    await _show(visit, request, ward, "now")


async def _one(visit: Visit, request: Request) -> None:
    await _show(visit, request, request.path_params["ward"], request.path_params["shift"])


async def _show(visit: Visit, request: Request, ward: str, which: str) -> None:
    visit.demand("ward.read", ward)
    wards = dict(await asyncio.to_thread(visit.wards))
    if ward not in wards:
        raise NotFound(what="ward", name=ward[:40])
    shift, today = _asked(visit, which), ward_date(visit.core.clock.now())
    beds, people, planned = await asyncio.to_thread(listed, visit, ward, shift)
    here = address(f"/assignments/{ward}")
    with framed(visit, _("Beds of the nurses"), here="shifts", ward=ward):
        with tag("div", cls="page-head"):
            tag("h1", _("Who has which beds in {ward}").format(ward=wards[ward]))
            tag("p", shift_text(shift))
            with tag("span", cls="tools"):
                if len(wards) > 1:
                    ways = [(name, address(f"/assignments/{id}/{which}"), id == ward) for id, name in wards.items()]
                    tables.choices(_("Ward"), ways)
                ways = [
                    (_("the running one"), f"{here}/now", which != "next"),
                    (_("the next one"), f"{here}/next", which == "next"),
                ]
                tables.choices(_("Shift"), ways)
                tag("a", _("Roster"), cls="button", href=address(f"/shifts/{ward}/{monday(today)}"))
        say(request)
        bare = sum(bed.patient is not None and not bed.nurses for bed in beds)
        if bare:
            tag("p", _("Patients whom no nurse has taken: {count}").format(count=bare), cls="notice warn")
        mine = [each for each in people if each.id == visit.person.id]
        choice = people if visit.may("assignment.give") else mine
        if not choice:
            _table(beds, may=False)
            return
        with tag("form", method="post", action=f"{here}/{'next' if which == 'next' else 'now'}/give", id="beds"):
            tag("input", type="hidden", name="at", value=shift.begins_at.isoformat())
            _table(beds, may=True)
            _choose(choice, planned, visit.person.id)


def _choose(people: list[Worker], planned: set[str], me: str) -> None:
    ordered = sorted(people, key=lambda each: each.id not in planned)
    options = [
        (each.id, _("{name}, on this shift").format(name=each.name) if each.id in planned else each.name)
        for each in ordered
    ]
    with tag("div", cls="give ask broad"):
        choice_field("nurse", _("Nurse"), options, me if any(each.id == me for each in people) else None, required=True)
        with tag("div", cls="actions"):
            tag("button", _("No longer theirs"), type="submit", name="act", value="leave", cls="button")
            tag("button", _("Give the ticked beds"), type="submit", name="act", value="take", cls="button main")


def _table(beds: list[Bed], *, may: bool) -> None:
    with tag("div", cls="table-scroll", role="region", tabindex="0", aria_label=_("Beds of the nurses")):
        if not beds:
            tag("p", _("There is no bed yet."), cls="nothing")
            return
        with tag("table", cls="stacks of-nurses"):
            with tag("thead"), tag("tr"):
                for words in (_("Bed"), _("Patient"), _("Nurse")):
                    tag("th", words, scope="col")
            with tag("tbody"):
                for bed in beds:
                    _row(bed, may=may)


def _row(bed: Bed, *, may: bool) -> None:
    is_bare = bed.patient is not None and not bed.nurses
    with tag("tr", data_bed=bed.id, cls="bare" if is_bare else ""):
        with tag("td", data_label=_("Bed")):
            if may:
                with tag("label", cls="tick"):
                    tag("input", type="checkbox", name="bed", value=bed.id)
                    tag("span", bed.label)
            else:
                tag("span", bed.label)
        tag("td", bed.patient or _("nobody lies here"), data_label=_("Patient"))
        none = _("nobody has taken it") if bed.patient is not None else NOTHING
        tag("td", _(", ").join(bed.nurses) or none, data_label=_("Nurse"))


def routes(core: Core) -> APIRouter:
    """The form leads back to its page."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.post("/assignments/{ward}/{shift}/give")
    async def acted(request: Request, ward: str, shift: str) -> Response:
        form = await request.form()
        beds = [str(bed)[:40] for bed in form.getlist("bed")]
        nurse, at, takes = str(form.get("nurse", ""))[:40], str(form.get("at", "")), form.get("act") == "take"

        def work(visitor: Visit) -> None:
            visitor.demand("assignment.take", ward)
            if nurse and (nurse != visitor.person.id or visitor.person.role not in NURSES):
                visitor.demand("assignment.give", ward)
            give(core, visitor.person, ward, _instant(at), nurse, beds, takes=takes)

        path = f"/assignments/{ward[:40]}/{'next' if shift == 'next' else 'now'}"
        return await asyncio.to_thread(posted, core, request, path, work)

    return router


def _instant(typed: str) -> datetime:
    try:
        return datetime.fromisoformat(typed)
    except ValueError:
        raise InvalidInput(_NO_SHIFT) from None
