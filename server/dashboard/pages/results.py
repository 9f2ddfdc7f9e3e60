"""Results: what waits, why its patient does not see it, and what a clinician decides about it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.core import Core
from server.dashboard import PREFIX, tables
from server.dashboard.forms import answer
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.pages.fleet import wards_shown
from server.dashboard.sheet import Sheet
from server.dashboard.sheets import results
from server.dashboard.sheets.names import staff_names
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING, actor_text, time_text
from server.results.releasing import ACTS, RIGHTS, Act, decide
from server.results.rows import Version, newest_of, version_called, versions_of_ward
from wardlink.clinical.names import masked_name
from wardlink.clinical.results.catalogue import category_text
from wardlink.clinical.results.release import Why, needs_talk, why_text
from wardlink.errors import InvalidInput, NotFound
from wardlink.i18n import N_, domain

_ = domain("server").gettext

_SAID = {
    "done": N_("It is written down under your name."),
    "empty": N_("Please tick that you have spoken with the patient. Nothing was changed."),
    "changed": N_(
        "Somebody else has decided about this report meanwhile, or a new version has come."
        " Your choice was not written down. Please look at it as it is now, then decide again."
    ),
    "refused": N_("This was refused: it cannot be done now, or you do not have the right."),
}
_WORDS = {
    "acknowledge": N_("I have heard of the critical value"),
    "release": N_("Let the patient see it"),
    "keep-back": N_("Keep it back for now"),
}


def register(core: Core) -> None:
    """The list at `/results`, one at `/results/{id}`."""
    page(core, "/results", _list, "result.acknowledge")
    page(core, "/results/{name}", _one, "result.acknowledge")


def routes(core: Core) -> APIRouter:
    """The forms: each leads back to its page, which says how it went."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    def form(act: Act) -> None:
        @router.post(f"/results/{{name}}/{act}")
        async def decided(request: Request, name: str) -> Response:
            return await answer(core, request, f"/results/{name}", RIGHTS[act], lambda v, t: _decide(v, name, act, t))

    for act in ACTS:
        form(act)
    return router


def _decide(visitor: Visit, name: str, act: Act, typed: Mapping[str, str]) -> None:
    with visitor.core.db.read() as conn:
        found = version_called(conn, name)
    if found is None or not visitor.sees(found.ward):
        raise NotFound(what="entry", name=name[:40])
    if act == "release" and _asks_talk(found) and typed.get("spoken") != "yes":
        raise InvalidInput
    decide(visitor.core, visitor.person, name, act, typed.get("seen"))


def _asks_talk(found: Version) -> bool:
    return found.held.critical or needs_talk(found.category, found.held.codes)


def newest(core: Core, wards: list[str], *, waiting: bool) -> Sheet:
    """The table of these wards."""
    with core.db.read() as conn:
        found = [versions[-1] for versions in versions_of_ward(conn, wards)]
    return results.sheet(found, core.clock.now(), core.results_delay, waiting=waiting)


async def _list(visit: Visit, request: Request) -> None:
    asked = request.query_params
    ward, typed, every = asked.get("ward", ""), asked.get("q", "")[:100], asked.get("state") == "all"
    wards = await wards_shown(visit, ward or None)
    number = tables.page_of(asked.get("page"))

    def read() -> Sheet:
        visit.audit("search" if typed else "list", f"results of {', '.join(wards)}")
        return newest(visit.core, wards, waiting=not every).having(typed)

    found = await asyncio.to_thread(read)
    kept = {name: value for name, value in (("ward", ward), ("q", typed), ("state", "all" if every else "")) if value}
    here, begin = address("/results"), (number - 1) * tables.PER_PAGE
    with framed(visit, _("Results"), here="results", ward=ward or None):
        with tag("div", cls="page-head"):
            tag("h1", _("Results"))
            tag("p", _("What patients do not see yet, and why. Ordinary results come to the bed by themselves."))
            with tag("span", cls="tools"):
                of_ward = f"&ward={ward}" if ward else ""
                ways = [(_("not seen yet"), f"{here}?state=waiting{of_ward}", not every)]
                tables.choices(_("Show"), [*ways, (_("all"), f"{here}?state=all{of_ward}", every)])
                tables.export(address("/results.csv"), kept)
        tag("p", _("Whether a patient can judge for themselves is not in the record: keep such results back."))
        tables.search(here, typed, {name: value for name, value in kept.items() if name != "q"})
        shown = Sheet(found.columns, found.rows[begin : begin + tables.PER_PAGE])
        nothing = _("Nothing found.") if typed else _("No results yet.") if every else _("Nothing waits here.")
        tables.show(shown, label=_("Results"), nothing=nothing)
        tables.turn_pages(here, kept, number, total=len(found.rows))


async def _one(visit: Visit, request: Request) -> None:
    name = request.path_params["name"]

    def read() -> tuple[Version, str, dict[str, str]]:
        with visit.core.db.read() as conn:
            known, staff = version_called(conn, name), staff_names(conn)
            newest_id = newest_of(conn, known) if known is not None else ""
        if known is None or not visit.sees(known.ward):
            raise NotFound(what="entry", name=name[:40])
        visit.audit("view", f"result {known.id}", known.encounter)
        return known, newest_id, staff

    found, newest_id, staff = await asyncio.to_thread(read)
    why = found.why_held(visit.core.clock.now(), visit.core.results_delay)
    title = results.report_name(found)
    with framed(visit, title, here="results", ward=found.ward):
        with tag("div", cls="page-head"):
            tag("h1", title)
        said = request.query_params.get("said", "")
        if said in _SAID:
            tone = "good" if said == "done" else "bad"
            tag("p", _(_SAID[said]), cls=f"notice {tone}", role="status" if said == "done" else "alert")
        if found.version < found.versions:
            with tag("p", cls="notice warn"):
                tag("span", _("This version is not the newest."))
                tag("a", _("To the newest version"), href=address(f"/results/{newest_id}"))
        _facts(visit, found, staff)
        tables.show(results.values(found.items), label=_("Values"), nothing=_("No single values."))
        if found.conclusion:
            tag("h2", _("Conclusion"))
            tag("p", found.conclusion)
        _standing(why)
        _forms(visit, found, why)


def _standing(why: tuple[Why, ...]) -> None:
    if not why:
        tag("p", _("The patient sees it."), cls="notice good")
        return
    with tag("div", cls="notice"):
        tag("p", _("The patient does not see it:"))
        with tag("ul"):
            for reason in why:
                tag("li", why_text(reason))


def _facts(visit: Visit, found: Version, staff: dict[str, str]) -> None:
    now, held = visit.core.clock.now(), found.held
    rows = (
        (_("Admission number"), found.admission_no),
        (_("Ward"), found.ward),
        (_("Bed"), found.bed),
        (_("Kind"), category_text(found.category)),
        (_("Status"), _(results.STATUS[found.status])),
        (_("Report number"), found.number),
        (_("Sample taken"), time_text(found.collected_at, now)),
        (_("Verified"), time_text(found.issued_at, now)),
        (_("Verified by"), found.verified_by or NOTHING),
        (_("Acknowledged"), _when(held.acknowledged_at, found.acknowledged_by, staff, visit)),
        (_("Released"), _when(held.released_at, found.released_by, staff, visit)),
        (_("Kept back"), _when(held.kept_back_at, found.kept_back_by, staff, visit)),
        (_("Opened at the bed"), time_text(found.opened_at, now)),
    )
    with tag("dl", cls="facts"):
        with tag("div"):
            tag("dt", _("Patient"))
            with tag("dd"):
                tag("a", masked_name(found.patient), href=address(f"/stay/{found.encounter}"))
        for label, text in rows:
            with tag("div"):
                tag("dt", label)
                tag("dd", text)


def _when(at: datetime | None, by: str | None, staff: dict[str, str], visit: Visit) -> str:
    if at is None:
        return NOTHING
    return f"{time_text(at, visit.core.clock.now())} {actor_text(by, staff)}"


def _forms(visit: Visit, found: Version, why: tuple[Why, ...]) -> None:
    offered: list[Act] = []
    if "unacknowledged" in why:
        offered.append("acknowledge")
    elif why and not {"not-final", "minor"} & set(why):
        offered.append("release")
    if "kept-back" not in why and found.status != "cancelled":
        offered.append("keep-back")
    with tag("div", cls="acts"):
        for act in offered:
            if visit.may(RIGHTS[act]):
                _form(found, act, main=act == offered[0])


def _form(found: Version, act: Act, *, main: bool) -> None:
    with tag("form", method="post", action=address(f"/results/{found.id}/{act}"), cls="ask"):
        if act != "acknowledge":
            tag("input", type="hidden", name="seen", value=found.standing)
        if act == "release" and _asks_talk(found):
            with tag("label"):
                tag("input", type="checkbox", name="spoken", value="yes", required=True)
                tag("span", _("I have spoken with the patient about it"))
        with tag("div", cls="actions"):
            tag("button", _(_WORDS[act]), type="submit", cls="button main" if main else "button")
