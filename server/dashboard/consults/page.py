"""The work list of consultations at `/consultations`, and one at `/consultations/{id}`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from fastapi import Request

from server.core import Core
from server.dashboard import tables
from server.dashboard.consults.forms import ask_form, forms_of
from server.dashboard.consults.sheets import SHOWN, Show, due_text, of_wards, slot_cell
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.pages.fleet import wards_shown
from server.dashboard.pages.stay import readable
from server.dashboard.posted import say
from server.dashboard.sheet import Cell, Sheet
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING, time_text
from server.family.names import family_names
from server.record.service import record_called
from wardlink.clinical.consults import form_text, state_text, team_text, urgency_text
from wardlink.errors import NotFound
from wardlink.i18n import N_, domain
from wardlink.messages.consults import ConsultNoteView, ConsultView
from wardlink.messages.encounters import EncounterView
from wardlink.record.consults import CONSULT, CONSULT_NOTE

_ = domain("server").gettext

_SHOW: Mapping[Show, str] = {"open": N_("Not finished"), "overdue": N_("Overdue"), "all": N_("All")}
STEPS: Mapping[str, str] = {
    "request": N_("asked for by"),
    "accept": N_("accepted by"),
    "schedule": N_("arranged by"),
    "begin": N_("begun by"),
    "sign": N_("opinion signed by"),
    "close": N_("finished by"),
    "decline": N_("ended by"),
}


def register(core: Core) -> None:
    """The list and one of it."""
    page(core, "/consultations", _list, "consult.read")
    page(core, "/consultations/{name}", _one, "consult.read")


def show_asked(asked: str | None) -> Show:
    """What part of the list an address asks for."""
    return next((show for show in SHOWN if show == asked), "open")


async def _list(visit: Visit, request: Request) -> None:
    query = request.query_params
    ward, typed, show = query.get("ward", ""), query.get("q", "").strip()[:100], show_asked(query.get("show"))
    wards = await wards_shown(visit, ward or None)
    number, here = tables.page_of(query.get("page")), address("/consultations")

    def read() -> Sheet:
        visit.audit("search" if typed else "list", f"consultations of {', '.join(wards)}")
        with visit.core.db.read() as conn:
            return of_wards(conn, wards, visit.core.clock.now(), show).having(typed)

    found = await asyncio.to_thread(read)
    kept = {name: value for name, value in (("ward", ward), ("show", show), ("q", typed)) if value}
    with framed(visit, _("Consultations"), here="consultations", ward=ward or None):
        with tag("div", cls="page-head"):
            tag("h1", _("Consultations"))
            tag("p", _("A team must be there within 24 hours, in an emergency within 10 minutes."))
            with tag("span", cls="tools"):
                of_ward = {"ward": ward} if ward else {}
                ways = [(_(_SHOW[s]), tables.address_with(here, of_ward | {"show": s}), s == show) for s in SHOWN]
                tables.choices(_("Show"), ways)
                tables.export(address("/consultations.csv"), kept)
        say(request)
        tables.search(here, typed, {name: value for name, value in kept.items() if name != "q"})
        begin = (number - 1) * tables.PER_PAGE
        shown = Sheet(found.columns, found.rows[begin : begin + tables.PER_PAGE])
        nothing = _("Nothing found.") if typed else _("No consultation waits here.")
        tables.show(shown, label=_("Consultations"), nothing=nothing)
        tables.turn_pages(here, kept, number, total=len(found.rows))
        if visit.may("consult.answer"):
            await ask_form(visit, wards)


async def _one(visit: Visit, request: Request) -> None:
    name = request.path_params["name"]

    def read() -> tuple[ConsultView, ConsultNoteView | None, EncounterView, Cell, dict[str, str]]:
        with visit.core.db.read() as conn:
            known = record_called(conn, CONSULT, name)
            note = record_called(conn, CONSULT_NOTE, name)
        if known is None:
            raise NotFound(what="consultation", name=name[:40])
        stay = readable(visit, str(known[1].encounter))
        visit.audit("view", f"consultation {known[1].id}", known[1].encounter)
        with visit.core.db.read() as conn:
            family = family_names(conn, {str(step.by) for step in known[1].steps})
            slot = slot_cell(conn, known[1], visit.core.clock.now())
            return known[1], note[1] if note else None, stay, slot, family

    found, note, stay, slot, family = await asyncio.to_thread(read)
    now = visit.core.clock.now()
    title = _("{team}, bed {bed}").format(team=team_text(found.specialty), bed=found.bed or NOTHING)
    with framed(visit, title, here="consultations", ward=stay.ward):
        with tag("div", cls="page-head"):
            tag("h1", title)
            tag("p", f"{state_text(found.state)} {due_text(found, now)}".strip())
            with tag("span", cls="tools"):
                tag("a", _("All consultations"), cls="button", href=address("/consultations"))
                tag("a", _("The patient's page"), cls="button", href=address(f"/stay/{stay.id}"))
        say(request)
        with tag("dl", cls="facts"):
            for label, text in _facts(found, note, stay, slot):
                with tag("div"):
                    tag("dt", label)
                    tag("dd", text or NOTHING)
        await forms_of(visit, found)
        with tag("section", cls="section"):
            tag("h2", _("What was done about it"))
            with tag("ol"):
                for step in found.steps:
                    unnamed = _("the patient") if step.by.kind == "patient" else family.get(str(step.by), str(step.by))
                    by = step.by_name or unnamed
                    tag("li", f"{time_text(step.at, now)} {_(STEPS[step.what])} {by}")
                if found.why == "discharged":
                    tag("li", _("Ended when the patient left."))


def _facts(
    found: ConsultView, note: ConsultNoteView | None, stay: EncounterView, slot: Cell
) -> list[tuple[str, str | None]]:
    consent = None if found.consent is None else _("yes") if found.consent else _("not noted")
    return [
        (_("Patient"), f"{stay.name} · {stay.ward} {stay.bed}"),
        (_("Urgency"), urgency_text(found.urgency)),
        (_("At the bed or by video"), form_text(found.form)),
        (_("Time"), slot.text),
        (_("Specialist"), found.consultant_name),
        (_("Agreed by the patient"), consent),
        (_("Question to the specialist"), note.question if note else None),
        (_("Who took part"), note.participants if note else None),
        (_("Opinion"), note.opinion if note else None),
        (_("Orders that follow"), note.orders if note else None),
        (_("Reason"), note.reason if note else None),
    ]
