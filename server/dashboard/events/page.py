"""Adverse events at `/events`, a report at `/events-new`, and one with what was done about it at `/events/{name}`."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from fastapi import Request

from server.adverse.service import Told, event_seen
from server.core import Core
from server.dashboard import tables
from server.dashboard.events.diets import diets_sheet
from server.dashboard.events.forms import KEPT, act_forms, report_form
from server.dashboard.events.listing import answers_text, events_asked, sheet
from server.dashboard.fields import choice_field, day_fields, text_field
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.posted import say
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.instants import instant
from server.dashboard.sheets.names import patient_names, staff_names
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING, actor_text, time_text
from server.patients.service import stays_between
from wardlink.clinical.adverse_events import answer_text, event_kinds, kind_text
from wardlink.clinical.names import masked_name
from wardlink.i18n import domain
from wardlink.messages.encounters import EncounterView

_ = domain("server").gettext

_LOOK_BACK = timedelta(days=30)
"""Patients who left the ward within this time can still be chosen."""


def register(core: Core) -> None:
    """All three pages."""
    page(core, "/events", _list, "event.report")
    page(core, "/events-new", _new, "event.report")
    page(core, "/events/{name}", _one, "event.report")


async def _list(visit: Visit, request: Request) -> None:
    asked = events_asked(request.query_params)
    page_no = tables.page_of(request.query_params.get("page"))

    def read() -> tuple[Sheet, Sheet | None, dict[str, str]]:
        found = sheet(visit, asked)
        visit.audit("search" if asked.typed else "list", f"adverse events, {asked.ward or 'all wards'}"[:200])
        return found, diets_sheet(visit, asked.ward), dict(visit.wards())

    found, diets, wards = await asyncio.to_thread(read)
    here, kept = address("/events"), asked.kept()
    with framed(visit, _("Adverse events"), here="events", ward=asked.ward):
        with tag("div", cls="page-head"):
            tag("h1", _("Adverse events"))
            all_of_them = visit.may("event.handle")
            tag("p", _("All that were reported.") if all_of_them else _("Those that you have reported yourself."))
            with tag("span", cls="tools"):
                of_ward = {"ward": asked.ward} if asked.ward else {}
                tag("a", _("Report one"), cls="button main", href=tables.address_with(address("/events-new"), of_ward))
                tables.export(address("/events.csv"), kept)
        with tag("form", method="get", action=here, role="search", cls="table-tools"):
            every = [("", _("All of mine")), *wards.items()]
            choice_field("ward", _("Ward"), every, asked.ward or "")
            kinds = [("", _("Every kind")), *((kind, kind_text(kind)) for kind in event_kinds())]
            choice_field("kind", _("What happened"), kinds, asked.kind or "")
            day_fields(asked.since, asked.until)
            text_field("q", _("Search"), type="search", value=asked.typed, maxlength="100")
            tag("button", _("Show"), type="submit", cls="button")
        begin = (page_no - 1) * tables.PER_PAGE
        shown = Sheet(found.columns, found.rows[begin : begin + tables.PER_PAGE])
        narrowed = asked.typed or asked.kind or asked.since or asked.until
        nothing = (
            _("Nothing found.")
            if narrowed
            else _("Nothing was reported here yet. That is not to say that nothing happened.")
        )
        tables.show(shown, label=_("Adverse events"), nothing=nothing)
        tables.turn_pages(here, kept, page_no, total=len(found.rows))
        if diets is not None and diets.rows:
            with tag("section", cls="section"):
                tag("h2", _("Trays of the wrong diet"))
                tag("p", _("They went back in the last 30 days. If some of it was eaten, it is an adverse event."))
                tables.show(diets, label=_("Trays of the wrong diet"), nothing=NOTHING)


async def _new(visit: Visit, request: Request) -> None:
    asked = request.query_params
    wards = dict(await asyncio.to_thread(visit.wards))
    ward = asked.get("ward") or (next(iter(wards)) if len(wards) == 1 else None)
    if ward is not None:
        visit.demand("event.report", ward)
    now = visit.core.clock.now()

    def read(of: str) -> list[EncounterView]:
        visit.audit("list", f"patients of {of}"[:200])
        with visit.core.db.read() as conn:
            return stays_between(conn, of, now - _LOOK_BACK, now + timedelta(seconds=1))

    stays = await asyncio.to_thread(read, ward) if ward is not None else []
    with framed(visit, _("Report an adverse event"), here="events", ward=ward):
        with tag("div", cls="page-head"):
            tag("h1", _("Report an adverse event"))
            tag("p", _("You see it, and who leads the ward. It is there to learn from, not to blame."))
            tag("a", _("All adverse events"), cls="button", href=address("/events"))
        say(request)
        if len(wards) > 1:
            with tag("form", method="get", action=address("/events-new"), cls="table-tools"):
                choice_field("ward", _("Ward"), [("", ""), *wards.items()], ward or "", required=True)
                tag("button", _("Show"), type="submit", cls="button")
        if ward is not None:
            report_form(visit, ward, stays, {name: asked.get(name, "") for name in KEPT}, now)


async def _one(visit: Visit, request: Request) -> None:
    name = request.path_params["name"]

    def read() -> tuple[Told, str | None, dict[str, str], dict[str, str]]:
        with visit.core.db.read() as conn:
            told = event_seen(conn, visit.person, name)
            stay = told.row.encounter
            patient, staff = patient_names(conn, [stay]).get(stay), staff_names(conn)
        visit.audit("view", f"event {told.row.id}", stay)
        return told, patient, staff, dict(visit.wards())

    told, patient, staff, wards = await asyncio.to_thread(read)
    row, now = told.row, visit.core.clock.now()
    title = _("{kind}, {time}").format(kind=kind_text(row.kind), time=time_text(row.happened_at, now))
    with framed(visit, title, here="events", ward=row.ward):
        with tag("div", cls="page-head"):
            tag("h1", title)
            tag("a", _("All adverse events"), cls="button", href=address("/events"))
        say(request)
        if row.struck_at is not None:
            tag("p", _("Struck out: it counts in no KPI."), cls="notice")
        facts = [
            (_("Patient"), masked_name(patient) if patient else _("no patient")),
            (_("Ward"), wards.get(row.ward, row.ward)),
            (_("Bed"), row.bed),
            (_("Where"), row.place),
            (_("Harm, stage, tube"), answers_text(row)),
            (_("Happened"), time_text(row.happened_at, now)),
            (_("Reported"), time_text(row.reported_at, now)),
            (_("Reported by"), actor_text(row.reported_by, staff)),
        ]
        with tag("section", cls="section"):
            tag("h2", _("What was reported"))
            with tag("blockquote", cls="said"):
                tag("p", row.words, cls="own-words")
        with tag("dl", cls="facts"):
            for label, text in facts:
                with tag("div"):
                    tag("dt", label)
                    tag("dd", text or NOTHING)
        if row.struck_at is None:
            act_forms(visit, row.id, row.kind, own=row.reported_by == str(visit.person.actor))
        _history(told, staff, visit)


def _history(told: Told, staff: dict[str, str], visit: Visit) -> None:
    now = visit.core.clock.now()
    acts = {"follow-up": _("followed up"), "strike-out": _("struck out")}
    columns = (
        Column("at", _("When")),
        Column("who", _("Who")),
        Column("what", _("What")),
        Column("words", _("Words"), "wide"),
        Column("before", _("Harm before")),
    )
    rows = tuple(
        Row(
            step.id,
            {
                "at": instant(step.at, now),
                "who": Cell(actor_text(step.actor, staff)),
                "what": Cell(acts[step.act]),
                "words": Cell(step.words),
                "before": Cell(answer_text("harm", step.harm_before) if step.harm_before else NOTHING),
            },
        )
        for step in told.steps
    )
    with tag("section", cls="section"):
        tag("h2", _("What was done"))
        tables.show(Sheet(columns, rows), label=_("What was done"), nothing=_("Nothing yet."))
