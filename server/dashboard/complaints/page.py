"""Complaints at `/complaints`: the work list by the clock, and one with all that was said and done."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from fastapi import Request

from server.complaints.acting import handlers, looked_at
from server.complaints.service import Standing
from server.core import Core
from server.dashboard import tables
from server.dashboard.complaints.acts import show_acts
from server.dashboard.complaints.listing import SHOWN, STATES, due_text, sheet, show_asked
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.instants import instant
from server.dashboard.sheets.names import patient_names, staff_names
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING, actor_text, time_text
from server.family.names import family_names
from server.identity.staff import Person
from wardlink.clinical.complaints import is_answered, kind_text, level_text, number_of, sentences, topic_text
from wardlink.clinical.names import masked_name
from wardlink.clinical.working_days import holidays_known
from wardlink.clock import ward_date, ward_time
from wardlink.i18n import N_, domain

_ = domain("server").gettext

_SAID = {
    "done": (N_("It is written down."), "good"),
    "empty": (N_("Something is missing: the answer, or somebody who may handle it. Nothing was changed."), "bad"),
    "refused": (N_("This was refused: it cannot be done now, or not by you, or not by whom you have named."), "bad"),
}
_ACTS = {
    "acknowledge": N_("received"),
    "assign": N_("given to {who}"),
    "reply": N_("answered"),
    "reopen": N_("not satisfied"),
    "close": N_("brought to a close"),
}


@dataclass(frozen=True)
class _One:
    """What one page shows."""

    standing: Standing
    patient: str | None
    staff: dict[str, str]
    handlers: list[Person]


def register(core: Core) -> None:
    """The list at `/complaints`, one at `/complaints/{id}`."""
    page(core, "/complaints", _list, "complaint.read")
    page(core, "/complaints/{name}", _one, "complaint.read")


async def _list(visit: Visit, request: Request) -> None:
    asked = request.query_params
    show, typed, number = show_asked(asked.get("show")), asked.get("q", "").strip()[:100], asked.get("page")
    now, page_no = visit.core.clock.now(), tables.page_of(number)

    def read() -> Sheet:
        visit.audit("search" if typed else "list", f"complaints, {show}")
        with visit.core.db.read() as conn:
            return sheet(conn, visit, show, now).having(typed)

    found = await asyncio.to_thread(read)
    here, kept = address("/complaints"), {"show": show} | ({"q": typed} if typed else {})
    with framed(visit, _("Complaints"), here="complaints"):
        with tag("div", cls="page-head"):
            tag("h1", _("Complaints"))
            tag("p", _("Answered within 24 hours, at night and on holidays too; closed within 5 working days, or 10."))
            with tag("span", cls="tools"):
                ways = [(_(words), f"{here}?show={name}", name == show) for name, words in SHOWN.items()]
                tables.choices(_("Show"), ways)
                tables.export(address("/complaints.csv"), kept)
        if not holidays_known(ward_time(now).year):
            tag("p", _("The holidays of this year are not known here: only weekends count as days off."), cls="notice")
        tables.search(here, typed, {"show": show})
        begin = (page_no - 1) * tables.PER_PAGE
        shown = Sheet(found.columns, found.rows[begin : begin + tables.PER_PAGE])
        nothing = _("Nothing found.") if typed else _("Nothing is here.")
        tables.show(shown, label=_("Complaints"), nothing=nothing)
        tables.turn_pages(here, kept, page_no, total=len(found.rows))


async def _one(visit: Visit, request: Request) -> None:
    name = request.path_params["name"]

    def read() -> _One:
        with visit.core.db.read() as conn:
            found = looked_at(conn, visit.person, name)
            stay = found.row.encounter
            patient = patient_names(conn, [stay]).get(stay)
            may_handle = handlers(conn, found.row)
            staff = staff_names(conn) | family_names(conn, {step.actor for step in found.steps})
        visit.audit("view", f"complaint {found.row.id}", None if found.row.office_only else stay)
        return _One(found, patient, staff, may_handle)

    one = await asyncio.to_thread(read)
    row, now = one.standing.row, visit.core.clock.now()
    title = f"{kind_text(row.kind)} {number_of(row.id)}"
    with framed(visit, title, here="complaints"):
        with tag("div", cls="page-head"):
            tag("h1", title)
            tag("a", _("All complaints"), cls="button", href=address("/complaints"))
        words, cls = _SAID.get(request.query_params.get("said", ""), ("", ""))
        if words:
            tag("p", _(words), cls=f"notice {cls}", role="status")
        due, how = due_text(one.standing, now)
        if due != NOTHING:
            tag("p", due, cls=f"notice {'bad' if how else ''}")
        _what_was_said(one)
        _facts(one, visit)
        show_acts(visit, one.standing, one.handlers, one.staff)
        _history(one, visit)


def _what_was_said(one: _One) -> None:
    row = one.standing.row
    with tag("section", cls="section"):
        tag("h2", _("What the patient says"))
        with tag("blockquote", cls="said"):
            for code in row.sentences:
                known = sentences().get(code)
                tag("p", known.said() if known else code)
            if row.words:
                tag("p", row.words, cls="own-words")
            if row.talk:
                tag("p", _("Please come and talk to me."), cls="wish")
            if not (row.sentences or row.words or row.talk):
                tag("p", NOTHING)


def _facts(one: _One, visit: Visit) -> None:
    found, row, now = one.standing, one.standing.row, visit.core.clock.now()
    level = found.level(now)
    facts = [
        (_("About"), topic_text(row.topic)),
        (_("State"), _(STATES[row.state])),
        (_("Ward"), row.ward),
        (_("Bed"), row.bed),
        (_("Patient"), masked_name(one.patient) if one.patient else None),
        (_("Sent"), time_text(row.submitted_at, now)),
        (_("Come in"), time_text(row.received_at, now)),
        (_("Whom it is about"), "、".join(one.staff.get(who, who) for who in row.about) or None),
        (_("With"), one.staff.get(row.handler, row.handler) if row.handler else None),
    ]
    if is_answered(row.kind) and found.is_open:
        facts += [
            (_("To be taken by"), time_text(found.due.acknowledge_at, now)),
            (_("To be answered by"), time_text(found.due.reply_at, now)),
            (_("To be closed on or before"), f"{ward_date(found.due.close_at - timedelta(seconds=1)):%Y-%m-%d}"),
            (_("Has come to"), level_text(level) if level else None),
        ]
    with tag("dl", cls="facts"):
        for label, text in facts:
            with tag("div"):
                tag("dt", label)
                tag("dd", text or NOTHING)
    if row.office_only:
        tag("p", _("Written to the hospital's office alone: the ward does not see it. Do not name the patient there."))


def _history(one: _One, visit: Visit) -> None:
    now = visit.core.clock.now()
    columns = (
        Column("at", _("When")),
        Column("who", _("Who")),
        Column("what", _("What")),
        Column("words", _("Words"), "wide"),
    )
    rows = tuple(
        Row(
            step.id,
            {
                "at": instant(step.at, now),
                "who": Cell(
                    _("the patient") if step.actor.startswith("patient:") else actor_text(step.actor, one.staff)
                ),
                "what": Cell(_(_ACTS[step.act]).format(who=one.staff.get(step.handler or "", step.handler or NOTHING))),
                "words": Cell(step.words or NOTHING),
            },
        )
        for step in one.standing.steps
    )
    with tag("section", cls="section"):
        tag("h2", _("What was done"))
        tables.show(Sheet(columns, rows), label=_("What was done"), nothing=_("Nothing yet."))
