"""Who works here at `/staff`, one person at `/staff/{id}`, a new one, a file of many, and the table of roles."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from fastapi import Request

from server.core import Core
from server.dashboard import tables
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.posted import say
from server.dashboard.sheet import Sheet
from server.dashboard.staff import forms
from server.dashboard.staff.sheets import SHOWN, Show, entries, rights_sheet, staff_sheet, state_text
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING, ROLES, word
from server.identity import staff
from server.identity.staff import StaffEntry
from server.identity.staff_acts import demand_over
from wardlink.errors import InvalidInput, NoRight
from wardlink.i18n import N_, domain

_ = domain("server").gettext

_SHOW: Mapping[Show, str] = {
    "active": N_("Working here"),
    "no-pin": N_("Without a PIN"),
    "ended": N_("Access ended"),
    "all": N_("All"),
}


def register(core: Core) -> None:
    """The pages; all need the right to manage staff."""
    page(core, "/staff", _list, "staff.manage")
    page(core, "/staff-new", _new, "staff.manage")
    page(core, "/staff-import", _import, "staff.manage")
    page(core, "/roles", _roles, "staff.manage")
    page(core, "/staff/{name}", _one, "staff.manage")


def staff_shown(asked: str | None) -> Show:
    """What part of the list an address asks for."""
    return next((show for show in SHOWN if show == asked), "active")


def list_asked(visit: Visit, query: Mapping[str, str]) -> Sheet:
    """The table that an address asks for. Reads the database."""
    with visit.core.db.read() as conn:
        found = entries(conn, visit.wards_bound(), staff_shown(query.get("show")))
    return staff_sheet(found, forms.ward_names(visit))


async def _list(visit: Visit, request: Request) -> None:
    query = request.query_params
    typed, show = query.get("q", "").strip()[:100], staff_shown(query.get("show"))
    number, here = tables.page_of(query.get("page")), address("/staff")

    def read() -> Sheet:
        visit.audit("search" if typed else "list", "staff")
        return list_asked(visit, query).having(typed)

    found = await asyncio.to_thread(read)
    kept = {name: value for name, value in (("show", show), ("q", typed)) if value}
    with framed(visit, _("Staff"), here="staff"):
        with tag("div", cls="page-head"):
            tag("h1", _("Staff"))
            tag("p", _("Nobody is ever deleted: what they did keeps their name."))
            with tag("span", cls="tools"):
                ways = [(_(_SHOW[s]), tables.address_with(here, {"show": s}), s == show) for s in SHOWN]
                tables.choices(_("Show"), ways)
                tag("a", _("Add somebody"), cls="button main", href=address("/staff-new"))
                tag("a", _("From a file"), cls="button", href=address("/staff-import"))
                tag("a", _("Roles and rights"), cls="button", href=address("/roles"))
                tables.export(address("/staff.csv"), kept)
        say(request)
        tables.search(here, typed, {"show": show})
        begin = (number - 1) * tables.PER_PAGE
        shown = Sheet(found.columns, found.rows[begin : begin + tables.PER_PAGE])
        tables.show(shown, label=_("Staff"), nothing=_("Nothing found.") if typed else _("Nobody here."))
        tables.turn_pages(here, kept, number, total=len(found.rows))


async def _one(visit: Visit, request: Request) -> None:
    name = request.path_params["name"]

    def read() -> StaffEntry:
        with visit.core.db.read() as conn:
            found = staff.called(conn, name)
        bound = visit.wards_bound()
        if bound is not None and found.wards and not set(bound) & set(found.wards):
            raise NoRight
        visit.audit("view", f"staff {found.id}")
        return found

    one = await asyncio.to_thread(read)
    wards = await asyncio.to_thread(forms.ward_names, visit)
    with framed(visit, one.name, here="staff"):
        with tag("div", cls="page-head"):
            tag("h1", one.name)
            with tag("span", cls="tools"):
                tag("a", _("All staff"), cls="button", href=address("/staff"))
                if visit.may("audit.read"):
                    # The record names people by kind and id.
                    seen = tables.address_with(address("/audit"), {"q": f"staff:{one.id}"})
                    tag("a", _("What they did"), cls="button", href=seen)
                    done = tables.address_with(address("/audit"), {"q": f"staff {one.id}"})
                    tag("a", _("What was changed about them"), cls="button", href=done)
        say(request)
        facts = (
            (_("Staff id"), one.id),
            (_("Staff number"), one.badge),
            (_("Role"), word(ROLES, one.role)),
            (_("Ward"), _("; ").join(wards.get(ward, ward) for ward in one.wards) or NOTHING),
            (_("Access"), state_text(one)),
        )
        with tag("dl", cls="facts"):
            for label, text in facts:
                with tag("div"):
                    tag("dt", label)
                    tag("dd", text)
        try:
            demand_over(visit.person, one.role, one.wards)
        except (NoRight, InvalidInput):
            tag("p", _("Only an administrator can change this person."), cls="notice")
            return
        forms.change_form(visit, one, wards)
        forms.pin_form(one)
        forms.access_form(visit, one)


async def _new(visit: Visit, request: Request) -> None:
    wards = await asyncio.to_thread(forms.ward_names, visit)
    with framed(visit, _("Add somebody"), here="staff"):
        with tag("div", cls="page-head"):
            tag("h1", _("Add somebody"))
            tag("p", _("Ids and badges are given once and never again to somebody else."))
            with tag("span", cls="tools"):
                tag("a", _("All staff"), cls="button", href=address("/staff"))
        say(request)
        forms.new_form(visit, request.query_params, wards)


async def _import(visit: Visit, request: Request) -> None:
    with framed(visit, _("Staff from a file"), here="staff"):
        with tag("div", cls="page-head"):
            tag("h1", _("Staff from a file"))
            with tag("span", cls="tools"):
                tag("a", _("All staff"), cls="button", href=address("/staff"))
        forms.import_form(request)


async def _roles(visit: Visit, _request: Request) -> None:
    with framed(visit, _("Roles and rights"), here="staff"):
        with tag("div", cls="page-head"):
            tag("h1", _("Roles and rights"))
            tag("p", _("What each role may do. A right of a ward holds in the wards of the person."))
            with tag("span", cls="tools"):
                tag("a", _("All staff"), cls="button", href=address("/staff"))
                tables.export(address("/roles.csv"), {})
        tables.show(rights_sheet(), label=_("Roles and rights"), nothing=NOTHING)
