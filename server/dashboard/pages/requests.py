"""What patients wait for: the list, and one request with everything that was said of it, to be seen to."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import get_args

from fastapi import Request

from server.core import Core
from server.dashboard import tables
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.pages.exceptions import fact, slot
from server.dashboard.pages.fleet import wards_shown
from server.dashboard.sheet import Sheet
from server.dashboard.sheets import requests
from server.dashboard.sheets.names import patient_names
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING, time_text
from server.family.names import family_names
from server.record.service import record_called
from wardlink.clinical.names import masked_name
from wardlink.clinical.requests.catalogue import CATEGORIES, Category, category_text
from wardlink.clinical.requests.states import OPEN, RequestState, after, state_text
from wardlink.errors import NotFound
from wardlink.i18n import N_, domain
from wardlink.messages.request_words import what_text
from wardlink.messages.requests import RequestView
from wardlink.record.requests import REQUEST

_ = domain("server").gettext

_SAID = {
    "done": N_("It was noted; the patient sees it at the bed."),
    "empty": N_("The answer or the reason is missing, or is too long. Nothing was changed."),
    "refused": N_("This was refused: somebody was faster, or you do not have the right."),
}

STEPS: Mapping[str, str] = {
    "place": N_("asked for"),
    "accept": N_("accepted"),
    "begin": N_("begun"),
    "complete": N_("done"),
    "reject": N_("not possible"),
    "cancel": N_("cancelled by the patient"),
    "end": N_("ended with the stay"),
}


def register(core: Core) -> None:
    """The list at `/requests`, one at `/requests/{id}`."""
    page(core, "/requests", _list, "ward.read")
    page(core, "/requests/{name}", _one, "ward.read")


def category_of(asked: str | None) -> Category | None:
    """The category that an address asks for; None for all, and for anything that is none."""
    return next((category for category in CATEGORIES if category == asked), None)


def state_of(asked: str | None) -> RequestState | None:
    """The state that an address asks for; None for what waits, and for anything that is none."""
    return next((state for state in get_args(RequestState) if state == asked), None)


async def _list(visit: Visit, request: Request) -> None:
    asked = request.query_params
    ward, typed = asked.get("ward", ""), asked.get("q", "")[:100]
    category, state = category_of(asked.get("category")), state_of(asked.get("state"))
    wards = await wards_shown(visit, ward or None)
    number = tables.page_of(asked.get("page"))

    def read() -> Sheet:
        visit.audit("view", f"requests of {', '.join(wards)}")
        with visit.core.db.read() as conn:
            now = visit.core.clock.now()
            return requests.sheet(conn, wards, now, category=category, state=state).having(typed)

    found = await asyncio.to_thread(read)
    kept = {
        name: value
        for name, value in (("ward", ward), ("q", typed), ("category", category or ""), ("state", state or ""))
        if value
    }
    here = address("/requests")
    begin = (number - 1) * tables.PER_PAGE
    with framed(visit, _("Requests"), here="requests", ward=ward or None):
        with tag("div", cls="page-head"):
            tag("h1", _("Requests"))
            tag("p", _("What patients have asked for at their beds, and their questions about the bill."))
            tag("p", _("As of {time}.").format(time=time_text(visit.core.clock.now(), visit.core.clock.now())))
            with tag("span", cls="tools"):
                tables.choices(_("State"), _states(here, kept, state))
                tables.export(address("/requests.csv"), kept)
        _which_kind(here, kept, category)
        tables.search(here, typed, {name: value for name, value in kept.items() if name != "q"})
        shown = Sheet(found.columns, found.rows[begin : begin + tables.PER_PAGE])
        nothing = _("Nothing found.") if typed else _("Nobody waits for anything.") if state is None else _("None yet.")
        tables.show(shown, label=_("Requests"), nothing=nothing)
        tables.turn_pages(here, kept, number, total=len(found.rows))


def _states(here: str, kept: Mapping[str, str], state: RequestState | None) -> list[tuple[str, str, bool]]:
    others = {name: value for name, value in kept.items() if name != "state"}
    ended = [one for one in get_args(RequestState) if one not in OPEN]
    return [
        (_("Waiting"), tables.address_with(here, others), state is None),
        *((state_text(one), tables.address_with(here, others | {"state": one}), state == one) for one in ended),
    ]


def _which_kind(here: str, kept: Mapping[str, str], category: Category | None) -> None:
    with tag("form", method="get", action=here, cls="table-tools"):
        for name, value in kept.items():
            if name != "category":
                tag("input", type="hidden", name=name, value=value)
        with tag("label"):
            tag("span", _("Kind"))
            with tag("select", name="category"):
                tag("option", _("all"), value="", selected=category is None)
                for one in CATEGORIES:
                    tag("option", category_text(one), value=one, selected=category == one)
        tag("button", _("Show"), type="submit", cls="button")


async def _one(visit: Visit, request: Request) -> None:
    name = request.path_params["name"]

    def read() -> tuple[str, RequestView, dict[str, str], dict[str, str]]:
        with visit.core.db.read() as conn:
            known = record_called(conn, REQUEST, name[:40])
            if known is None or not visit.sees(known[0]):
                raise NotFound(what="request", name=name[:40])
            names = patient_names(conn, [known[1].encounter])
            family = family_names(conn, {str(step.by) for step in known[1].steps})
        visit.audit("view", f"request {known[1].id}", known[1].encounter)
        return known[0], known[1], names, family

    ward, view, names, family = await asyncio.to_thread(read)
    with framed(visit, what_text(view), here="requests", ward=ward):
        with tag("div", cls="page-head"):
            tag("h1", what_text(view))
        said = request.query_params.get("said", "")
        if said in _SAID:
            cls, role = ("notice good", "status") if said == "done" else ("notice bad", "alert")
            tag("p", _(_SAID[said]), cls=cls, role=role)
        _facts(visit, ward, view, names)
        _steps(visit, view, family)
        if view.state in OPEN and visit.may("request.handle"):
            _forms(view)
        elif view.state in OPEN:
            tag("p", _("Open. Somebody of the ward sees to it."), cls="notice")


def _facts(visit: Visit, ward: str, view: RequestView, names: Mapping[str, str]) -> None:
    now = visit.core.clock.now()
    until = now if view.state in OPEN else view.changed_at
    with tag("dl", cls="facts"):
        fact(_("State"), state_text(view.state))
        if view.urgent:
            fact(_("Urgent"), _("urgent"))
        fact(_("How long"), requests.age_text(until - view.requested_at))
        fact(_("Ward"), ward)
        fact(_("Bed"), view.bed)
        with slot(_("Patient")):
            if view.encounter is not None and view.encounter in names:
                tag("a", masked_name(names[view.encounter]), href=address(f"/stay/{view.encounter}"))
            else:
                tag("span", NOTHING)
        if view.category == "care":
            fact(_("From"), time_text(view.from_at, now) if view.from_at is not None else _("at once"))
        fact(_("Asked so often"), str(view.count))
        fact(_("Who sees to it"), view.owner_name)
        fact(_("Answer or reason"), view.text)


def _steps(visit: Visit, view: RequestView, family: Mapping[str, str]) -> None:
    now = visit.core.clock.now()
    with tag("section", cls="section"):
        tag("h2", _("What was said"))
        with tag("ul"):
            for step in view.steps:
                unnamed = _("patient") if step.by.kind == "patient" else family.get(str(step.by), NOTHING)
                who = step.by_name or unnamed
                late = "" if step.counted else _(" (too late: it changed nothing)")
                tag("li", f"{time_text(step.at, now)} · {_(STEPS[step.what])} · {who}{late}")


def _forms(view: RequestView) -> None:
    with tag("section", cls="section"):
        tag("h2", _("See to it"))
        with tag("div", cls="acts"):
            for act, words in (("accept", _("Accept")), ("begin", _("Begin"))):
                if after(view.state, act) is not None:  # type: ignore[arg-type]
                    with tag("form", method="post", action=_to(view, act)):
                        tag("button", words, type="submit", cls="button")
    is_query = view.category == "query"
    asked = _("The answer. The patient reads it at the bed.") if is_query else _("A word to the patient, if needed.")
    _form(view, "complete", _("Answer") if is_query else _("It is done"), asked, required=is_query, main=True)
    _form(view, "reject", _("It is not possible"), _("Why not? The patient reads it."), required=True, main=False)


def _form(view: RequestView, act: str, words: str, asked: str, *, required: bool, main: bool) -> None:
    with tag("form", method="post", action=_to(view, act), cls="ask"):
        with tag("label"):
            tag("span", asked)
            tag("textarea", name="text", maxlength="300", required=required)
        with tag("div", cls="actions"):
            tag("button", words, type="submit", cls="button main" if main else "button")


def _to(view: RequestView, act: str) -> str:
    return address(f"/requests/{view.id}/{act}")
