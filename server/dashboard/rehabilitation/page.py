"""The work list of rehabilitation at `/rehabilitation`, and one patient's at `/rehabilitation/{stay}`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime

from fastapi import Request

from server.core import Core
from server.dashboard import tables
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.pages.fleet import wards_shown
from server.dashboard.pages.stay import readable
from server.dashboard.posted import say
from server.dashboard.rehabilitation.forms import answer_forms, plan_forms
from server.dashboard.rehabilitation.sheets import (
    SHOWN,
    OfStay,
    Show,
    item_text,
    of_stay,
    of_wards,
    progress_text,
    session_text,
)
from server.dashboard.sheet import Sheet
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING, time_text
from wardlink.i18n import N_, domain
from wardlink.messages.encounters import EncounterView
from wardlink.messages.rehabilitation import RehabPlanView, RehabSessionView

_ = domain("server").gettext

_SHOW: Mapping[Show, str] = {
    "all": N_("All"),
    "confirm": N_("To be confirmed"),
    "planned": N_("With a plan"),
    "without": N_("Without a plan"),
}
_STATES = {"reported": N_("done, to be confirmed"), "confirmed": N_("✓ confirmed"), "refused": N_("✕ does not count")}


def register(core: Core) -> None:
    """The list and one of it."""
    page(core, "/rehabilitation", _list, "ward.read")
    page(core, "/rehabilitation/{name}", _one, "ward.read")


def rehab_asked(asked: str | None) -> Show:
    """What part of the list an address asks for."""
    return next((show for show in SHOWN if show == asked), "all")


async def _list(visit: Visit, request: Request) -> None:
    query = request.query_params
    ward, typed, show = query.get("ward", ""), query.get("q", "").strip()[:100], rehab_asked(query.get("show"))
    wards = await wards_shown(visit, ward or None)
    number, here = tables.page_of(query.get("page")), address("/rehabilitation")

    def read() -> Sheet:
        visit.audit("search" if typed else "list", f"rehabilitation of {', '.join(wards)}")
        with visit.core.db.read() as conn:
            return of_wards(conn, wards, visit.core.clock.now(), show).having(typed)

    found = await asyncio.to_thread(read)
    kept = {name: value for name, value in (("ward", ward), ("show", show), ("q", typed)) if value}
    with framed(visit, _("Rehabilitation"), here="rehabilitation", ward=ward or None):
        with tag("div", cls="page-head"):
            tag("h1", _("Rehabilitation"))
            tag("p", _("What patients say they have done counts as such until staff confirm it."))
            with tag("span", cls="tools"):
                of_ward = {"ward": ward} if ward else {}
                ways = [(_(_SHOW[s]), tables.address_with(here, of_ward | {"show": s}), s == show) for s in SHOWN]
                tables.choices(_("Show"), ways)
                tables.export(address("/rehabilitation.csv"), kept)
        say(request)
        tables.search(here, typed, {name: value for name, value in kept.items() if name != "q"})
        begin = (number - 1) * tables.PER_PAGE
        shown = Sheet(found.columns, found.rows[begin : begin + tables.PER_PAGE])
        nothing = _("Nothing found.") if typed else _("Nobody here.")
        tables.show(shown, label=_("Rehabilitation"), nothing=nothing)
        tables.turn_pages(here, kept, number, total=len(found.rows))


async def _one(visit: Visit, request: Request) -> None:
    name = request.path_params["name"]

    def read() -> tuple[EncounterView, OfStay]:
        stay = readable(visit, name)
        visit.audit("view", "rehabilitation", stay.id)
        with visit.core.db.read() as conn:
            return stay, of_stay(conn, stay.id)

    stay, of = await asyncio.to_thread(read)
    now = visit.core.clock.now()
    title = _("Rehabilitation, bed {bed}").format(bed=stay.bed or NOTHING)
    with framed(visit, title, here="rehabilitation", ward=stay.ward):
        with tag("div", cls="page-head"):
            tag("h1", title)
            tag("p", f"{stay.name} · {stay.ward} {stay.bed}")
            with tag("span", cls="tools"):
                tag("a", _("All patients"), cls="button", href=address("/rehabilitation"))
                tag("a", _("The patient's page"), cls="button", href=address(f"/stay/{stay.id}"))
        say(request)
        if of.plan is None:
            tag("p", _("There is no plan of exercises for this patient."), cls="notice")
        far = of.progress(now)
        if far is not None:
            tag("p", progress_text(far))
            tag("progress", max=str(max(1, far.planned)), value=str(far.completed))
            if far.adherence_percent is not None:
                tag("p", _("Done of what was due so far: {percent}").format(percent=f"{far.adherence_percent}%"))
        for one in of.waiting:
            with tag("section", cls="section"):
                _session(one)
                answer_forms(visit, stay.id, one)
        await plan_forms(visit, stay, of.plan)
        with tag("section", cls="section"):
            tag("h2", _("History"))
            for plan in of.plans:
                _versions(plan, now)
            for one in of.sessions:
                if one.state != "reported":
                    _session(one)
            if not of.plans and not of.sessions:
                tag("p", _("Nothing yet."))


def _versions(plan: RehabPlanView, now: datetime) -> None:
    for number, version in enumerate(plan.versions, 1):
        by = version.by_name or str(version.by)
        head = _("Plan, version {n}, {at}, {by}: {goal}")
        tag("p", head.format(n=number, at=time_text(version.at, now), by=by, goal=version.goal))
        with tag("ul"):
            for item in version.items:
                tag("li", item_text(item))
    if plan.ended_at is not None:
        reason = plan.end_reason or _("the patient has left")
        tag("p", _("Ended {at}: {reason}").format(at=time_text(plan.ended_at, now), reason=reason))


def _session(one: RehabSessionView) -> None:
    state = _(_STATES[one.state])
    tag("h3", _("{day}, session {n}: {state}").format(day=one.on.isoformat(), n=one.number, state=state))
    for line in session_text(one).splitlines():
        tag("p", line)
    for answer in one.answers:
        by = answer.by_name or str(answer.by)
        what = _("confirmed") if answer.what == "confirm" else _("refused: {reason}").format(reason=answer.reason or "")
        tag("p", _("{who}: {what}").format(who=by, what=what))
