"""The roster of a ward at `/shifts/{ward}/{day}`, a week at once; `/shifts` leads to this week's of the first ward."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date, timedelta

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from server.core import Core
from server.dashboard import tables
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.posted import say
from server.dashboard.sent_file import say_of_file
from server.dashboard.sheet import Sheet
from server.dashboard.shifts import forms
from server.dashboard.shifts.grid import Grid, day_text, grid, hours_text, sheet, warnings
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING, ROLES, word
from server.roster.service import Worker
from wardlink.clinical.roster import code_text, codes, monday
from wardlink.clinical.shifts import shifts
from wardlink.clock import ward_date
from wardlink.errors import NoRight, NotFound
from wardlink.i18n import domain

_ = domain("server").gettext


def register(core: Core) -> None:
    """The way there, and the page."""
    page(core, "/shifts", _first, "ward.read")
    page(core, "/shifts/{ward}/{day}", _week, "ward.read")


def day_of(typed: str) -> date:
    """The day that an address names.

    Raises:
        NotFound: it is none.
    """
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        raise NotFound(what="day", name=typed[:40]) from None
    if not date(2000, 1, 10) < found < date(2200, 1, 1):
        raise NotFound(what="day", name=typed[:40])
    return found


def week_of(visit: Visit, ward: str, day: date) -> Grid:
    """The roster that an address asks for. Reads the database.

    Raises:
        NoRight: the visitor does not work in that ward.
        NotFound: there is no such ward.
    """
    visit.demand("ward.read", ward)
    if ward not in dict(visit.wards()):
        raise NotFound(what="ward", name=ward[:40])
    with visit.core.db.read() as conn:
        return grid(conn, ward, day)


async def _first(visit: Visit, request: Request) -> Response | None:
    wards = [ward for ward, _name in await asyncio.to_thread(visit.wards)]
    asked = request.query_params.get("ward") or next(iter(wards), None)
    if asked is None:
        raise NoRight
    if asked not in wards:
        visit.demand("ward.read", asked)
        raise NotFound(what="ward", name=asked[:40])
    today = ward_date(visit.core.clock.now())
    return RedirectResponse(address(f"/shifts/{asked}/{monday(today)}"), status_code=303)


async def _week(visit: Visit, request: Request) -> None:
    ward, day = request.path_params["ward"], day_of(request.path_params["day"])
    found = await asyncio.to_thread(week_of, visit, ward, day)
    wards = dict(await asyncio.to_thread(visit.wards))
    first, here = found.days[0], address(f"/shifts/{ward}/{found.days[0]}")
    may = visit.may("roster.write")
    with framed(visit, _("Shifts"), here="shifts", ward=ward):
        with tag("div", cls="page-head"):
            tag("h1", _("Shifts of {ward}").format(ward=wards[ward]))
            tag("p", _("{first} to {last}").format(first=first, last=found.days[-1]))
            with tag("span", cls="tools"):
                if len(wards) > 1:
                    ways = [(name, address(f"/shifts/{id}/{first}"), id == ward) for id, name in wards.items()]
                    tables.choices(_("Ward"), ways)
                given = tables.address_with(address("/assignments"), {"ward": ward})
                tag("a", _("Beds of the nurses"), cls="button", href=given)
                tables.choices(_("Week"), _weeks(visit, ward, first))
                tables.export(address("/shifts.csv"), {"ward": ward, "day": first.isoformat()})
        say(request)
        say_of_file(request)
        _notes(found)
        if not found.people:
            tag("p", _("No nurse, doctor or therapist works in this ward yet."), cls="notice")
            return
        if not found.entered:
            tag("p", _("Nothing is entered for this week yet."), cls="notice")
        if may:
            with tag("form", method="post", action=f"{here}/enter", cls="roster-form", id="roster"):
                _table(found, dict(request.query_params), may=True)
                with tag("div", cls="actions"):
                    tag("button", _("Save the changes"), type="submit", cls="button main")
            forms.more(here)
        else:
            _table(found, {}, may=False)


def _weeks(visit: Visit, ward: str, first: date) -> list[tuple[str, str, bool]]:
    this = monday(ward_date(visit.core.clock.now()))
    step = timedelta(days=7)
    return [
        (_("the week before"), address(f"/shifts/{ward}/{first - step}"), False),
        (_("this week"), address(f"/shifts/{ward}/{this}"), first == this),
        (_("the week after"), address(f"/shifts/{ward}/{first + step}"), False),
    ]


def _notes(found: Grid) -> None:
    hours = [hours_text(code, found.days[0]) for code in shifts()]
    tag(
        "p",
        _("Shifts stand on the day on which they begin: {shifts}.").format(shifts=_(", ").join(hours)),
        cls="legend",
    )
    said = warnings(found)
    if said:
        with tag("div", cls="notice warn", role="note"):
            tag("b", _("Worth a look"))
            with tag("ul"):
                for line in said:
                    tag("li", line)


def _table(found: Grid, typed: Mapping[str, str], *, may: bool) -> None:
    held, options = found.codes(), [("", NOTHING), *((code, code_text(code)) for code in codes())]
    with (
        tag("div", cls="table-scroll", role="region", tabindex="0", aria_label=_("Shifts")),
        tag("table", cls="stacks roster"),
    ):
        with tag("thead"), tag("tr"):
            tag("th", _("Full name"), scope="col")
            for day in found.days:
                tag("th", day_text(day), scope="col", cls="weekend" if day.weekday() > 4 else "")
        with tag("tbody"):
            for worker in found.people:
                with tag("tr", data_staff=worker.id):
                    with tag("th", scope="row"):
                        tag("b", worker.name)
                        tag("small", _role_text(worker))
                    for day in found.days:
                        code = held.get((worker.id, day), "")
                        with tag("td", data_label=day_text(day), cls=f"turn {_cls(code)}".strip()):
                            if may:
                                _choice(worker, day, code, typed, options)
                            else:
                                tag("span", code_text(code) if code else NOTHING)
        _feet(found)


def _cls(code: str) -> str:
    return "" if not code else f"is-{code}" if code not in shifts() else f"shift-{list(shifts()).index(code)}"


def _role_text(worker: Worker) -> str:
    role = word(ROLES, worker.role)
    return role if worker.is_here else _("{role}, not in this ward any more").format(role=role)


def _choice(worker: Worker, day: date, code: str, typed: Mapping[str, str], options: list[tuple[str, str]]) -> None:
    chosen = typed.get(forms.cell_name(worker.id, day), code)
    label = _("{name}, {day}").format(name=worker.name, day=day_text(day))
    with tag("select", name=forms.seen_name(worker.id, day, code), aria_label=label):
        for value, words in options:
            tag("option", words, value=value, selected=value == chosen or None)


def _feet(found: Grid) -> None:
    counted = found.nurses_on()
    with tag("tfoot"):
        for code in shifts():
            with tag("tr"):
                tag("th", _("Nurses, {shift}").format(shift=code_text(code)), scope="row")
                for day in found.days:
                    tag("td", str(counted[code, day]), cls="number", data_label=day_text(day))


def file(visit: Visit, request: Request) -> Sheet:
    """The week as a table for a file. Reads the database."""
    asked = request.query_params
    return sheet(week_of(visit, asked.get("ward", ""), day_of(asked.get("day", ""))))
