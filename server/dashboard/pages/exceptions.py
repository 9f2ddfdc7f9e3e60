"""What waits for a person: the list, and one exception with all that is known, to be closed with a reason."""

from __future__ import annotations

import asyncio

from fastapi import Request
from nicegui.element import Element

from server.core import Core
from server.dashboard import attribution_forms, tables
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.pages.fleet import wards_shown
from server.dashboard.sheet import Sheet
from server.dashboard.sheets import exceptions
from server.dashboard.sheets.exceptions import detail_text
from server.dashboard.sheets.names import patient_names, staff_names
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING, actor_text, time_text
from server.exceptions.service import exception_called
from wardlink.clinical.names import masked_name
from wardlink.errors import NotFound
from wardlink.i18n import N_, domain
from wardlink.messages.exception_words import kind_text
from wardlink.messages.exceptions import ExceptionView

_ = domain("server").gettext

_SAID = {
    "empty": N_("Something is missing: what was done or why, a patient, or a time. Nothing was changed."),
    "refused": N_("This was refused. It may belong to another ward, or you do not have the right."),
}


def register(core: Core) -> None:
    """The list at `/exceptions`, one at `/exceptions/{id}`."""
    page(core, "/exceptions", _list, "ward.read")
    page(core, "/exceptions/{name}", _one, "ward.read")


async def _list(visit: Visit, request: Request) -> None:
    asked = request.query_params
    ward, typed, closed = asked.get("ward", ""), asked.get("q", "")[:100], asked.get("state") == "closed"
    wards = await wards_shown(visit, ward or None)
    number = tables.page_of(asked.get("page"))

    def read() -> Sheet:
        visit.audit("view", f"exceptions of {', '.join(wards)}")
        with visit.core.db.read() as conn:
            return exceptions.sheet(conn, wards, visit.core.clock.now(), closed=closed).having(typed)

    found = await asyncio.to_thread(read)
    kept = {name: value for name, value in (("ward", ward), ("q", typed), ("state", asked.get("state", ""))) if value}
    here = address("/exceptions")
    begin = (number - 1) * tables.PER_PAGE
    with framed(visit, _("To clear up"), here="exceptions", ward=ward or None):
        with tag("div", cls="page-head"):
            tag("h1", _("To clear up"))
            tag("p", _("Facts that do not fit together. Nothing was thrown away; a person decides."))
            with tag("span", cls="tools"):
                of_ward = f"&ward={ward}" if ward else ""
                tables.choices(
                    _("Show"),
                    [
                        (_("Open"), f"{here}?state=open{of_ward}", not closed),
                        (_("Closed"), f"{here}?state=closed{of_ward}", closed),
                    ],
                )
                tables.export(address("/exceptions.csv"), kept)
        tables.search(here, typed, {name: value for name, value in kept.items() if name != "q"})
        shown = Sheet(found.columns, found.rows[begin : begin + tables.PER_PAGE])
        nothing = _("Nothing found.") if typed else _("Nothing waits here.") if not closed else _("Nothing closed yet.")
        tables.show(shown, label=_("To clear up"), nothing=nothing)
        tables.turn_pages(here, kept, number, total=len(found.rows))


async def _one(visit: Visit, request: Request) -> None:
    name = request.path_params["name"]

    def read() -> tuple[str, ExceptionView, dict[str, str], dict[str, str], attribution_forms.Whose | None]:
        with visit.core.db.read() as conn:
            known = exception_called(conn, name)
            if known is None or not visit.sees(known[0]):
                raise NotFound(what="exception", name=name[:40])
            ward, view = known
            whose = attribution_forms.whose_of(conn, ward, view, visit.core.clock.now())
            names, staff = patient_names(conn, [view.encounter]), staff_names(conn)
        visit.audit("view", f"exception {view.id}", view.encounter)
        return ward, view, names, staff, whose

    ward, view, names, staff, whose = await asyncio.to_thread(read)
    title = kind_text(view.kind)
    with framed(visit, title, here="exceptions", ward=ward):
        with tag("div", cls="page-head"):
            tag("h1", title)
        said = _SAID.get(request.query_params.get("said", ""))
        if said:
            tag("p", _(said), cls="notice bad", role="alert")
        _facts(visit, ward, view, names, staff)
        if whose is not None and visit.may("vitals.assign"):
            attribution_forms.show(view, whose)
        if view.closed_at is not None:
            tag("p", _("Closed. What was done: {reason}").format(reason=view.closed_reason), cls="notice good")
        elif visit.may("exception.close"):
            _close_form(view)
        else:
            tag("p", _("Open. Somebody of the ward has to close it."), cls="notice")


def _facts(visit: Visit, ward: str, view: ExceptionView, names: dict[str, str], staff: dict[str, str]) -> None:
    now = visit.core.clock.now()
    with tag("dl", cls="facts"):
        fact(_("Ward"), ward)
        fact(_("Bed"), view.bed)
        with slot(_("Patient")):
            stay = view.encounter
            if stay in names:
                tag("a", masked_name(names[stay]), href=address(f"/stay/{stay}"))
            else:
                tag("span", NOTHING)
        fact(_("Device"), view.device)
        fact(_("Who"), actor_text(str(view.actor) if view.actor else None, staff))
        fact(_("Measured (clock of the device)"), time_text(view.measured_at, now))
        fact(_("Entered (clock of the device)"), time_text(view.entered_at, now))
        fact(_("Received (clock of the server)"), time_text(view.received_at, now))
        fact(_("Opened"), time_text(view.opened_at, now))
        fact(_("Detail"), detail_text(view))
        if view.closed_at is not None:
            fact(_("Closed"), time_text(view.closed_at, now))
            fact(_("Closed by"), actor_text(str(view.closed_by) if view.closed_by else None, staff))


def fact(label: str, text: str | None) -> None:
    """A fact with its label; a dash where it is unknown."""
    with slot(label):
        tag("span", text or NOTHING)


def slot(label: str) -> Element:
    """The place of a fact, to be filled."""
    with tag("div"):
        tag("dt", label)
        return tag("dd")


def _close_form(view: ExceptionView) -> None:
    with tag("form", method="post", action=address(f"/exceptions/{view.id}/close"), cls="ask"):
        tag("h2", _("Close this exception"))
        with tag("label"):
            tag("span", _("What was done? It stays in the record under your name."))
            tag("textarea", name="reason", maxlength="500", required=True)
        with tag("div", cls="actions"):
            tag("a", _("Back"), cls="button", href=address("/exceptions"))
            tag("button", _("Close it for good"), type="submit", cls="button main")
