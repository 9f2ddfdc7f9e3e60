"""The kitchen's page at `/kitchen`: a meal, what is to be cooked, the trays, what has changed since the labels."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta

from fastapi import Request

from server.core import Core
from server.dashboard import tables
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.kitchen.asked import Asked, OfWard, asked_of, at_hand, of_wards
from server.dashboard.kitchen.forms import SAID
from server.dashboard.kitchen.sheets import changes_sheet, production_sheet, trays_sheet, waste_sheet
from server.dashboard.sheet import Sheet
from server.dashboard.sheets.names import staff_names
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.meals.moving import FROM, KitchenAct
from wardlink.clinical.meals.states import EATEN
from wardlink.clinical.meals.times import MEALS, times
from wardlink.clock import ward_date, ward_time
from wardlink.i18n import N_, domain
from wardlink.messages.meals import MealView

_ = domain("server").gettext

_DAYS = ((-1, N_("yesterday")), (0, N_("today")), (1, N_("tomorrow")))
_ACTS: tuple[tuple[KitchenAct, str], ...] = (("cook", N_("All are being cooked")), ("dispatch", N_("All are sent out")))


def register(core: Core) -> None:
    """The page at `/kitchen`."""
    page(core, "/kitchen", _kitchen, "meal.kitchen")


async def _kitchen(visit: Visit, request: Request) -> None:
    query = request.query_params
    typed, number = query.get("q", "").strip()[:100], tables.page_of(query.get("page"))

    def read() -> tuple[Asked, list[OfWard], dict[str, str]]:
        asked = asked_of(visit, query)
        visit.audit("search" if typed else "list", f"kitchen of {', '.join(ward for ward, _name in asked.wards)}")
        with visit.core.db.read() as conn:
            return asked, of_wards(conn, asked), dict(staff_names(conn))

    asked, wards, staff = await asyncio.to_thread(read)
    now, slot = visit.core.clock.now(), asked.slot
    with framed(visit, _("Kitchen"), here="kitchen"):
        with tag("div", cls="page-head"):
            tag("h1", f"{_('Kitchen')} · {times(slot.meal).text()} {slot.on:%Y-%m-%d}")
            cutoff = _("taken until {cutoff:%m-%d %H:%M}, served {begin:%H:%M} to {end:%H:%M}").format(
                cutoff=ward_time(slot.cutoff_at), begin=ward_time(slot.served_at), end=ward_time(slot.until_at)
            )
            tag("p", cutoff)
            days = {"by": "meal"} | ({"ward": asked.ward} if asked.ward else {})
            with tag("span", cls="tools"):
                tables.choices(_("Day"), _days(asked, ward_date(now)))
                meals = [(times(meal).text(), asked.address(meal=meal), meal == slot.meal) for meal in MEALS]
                tables.choices(_("Meal"), meals)
                tag(
                    "a", _("Waste and returns"), cls="button", href=tables.address_with(address("/kitchen/waste"), days)
                )
        _said(query.get("said"), query.get("n"))
        if now < slot.cutoff_at and slot != at_hand(now):
            tag("p", _("Patients can still order for this meal: the numbers below will change."), cls="notice")
        _which_ward(visit, asked)
        _cook(wards)
        _labels(asked, wards, staff)
        _trays(asked, wards, typed, number)
        if any(_is_followed(tray.meal) for ward in wards for tray in ward.found.trays):
            with tag("section", cls="section"):
                tag("h2", _("What came back"))
                tables.show(waste_sheet(wards), label=_("What came back"), nothing=_("Nothing yet."))


def _is_followed(meal: MealView) -> bool:
    return meal.state in EATEN or meal.state == "returned" or meal.cancelled_late


def _days(asked: Asked, today: date) -> list[tuple[str, str, bool]]:
    days = [(words, today + timedelta(days=n)) for n, words in _DAYS]
    return [(_(words), asked.address(on=on), on == asked.slot.on) for words, on in days]


def _said(said: str | None, n: str | None) -> None:
    if said is not None and said in SAID:
        count = n if n is not None and n.isascii() and n.isdigit() else "0"
        tag("p", _(SAID[said]).format(n=count), cls="notice good", role="status")


def _which_ward(visit: Visit, asked: Asked) -> None:
    wards = visit.wards()
    if len(wards) < 2:
        return
    with tag("form", method="get", action=address("/kitchen"), cls="table-tools"):
        tag("input", type="hidden", name="on", value=asked.slot.on.isoformat())
        tag("input", type="hidden", name="meal", value=asked.slot.meal)
        with tag("label"):
            tag("span", _("Ward"))
            with tag("select", name="ward"):
                tag("option", _("all"), value="", selected=asked.ward is None)
                for ward, name in wards:
                    tag("option", name, value=ward, selected=asked.ward == ward)
        tag("button", _("Show"), type="submit", cls="button")


def _cook(wards: Sequence[OfWard]) -> None:
    trays = sum(tray.cooked for ward in wards for tray in ward.found.trays)
    with tag("section", cls="section"):
        tag("h2", _("To be cooked: {n} trays").format(n=trays))
        nothing = _("Nobody has ordered this meal yet.")
        tables.show(production_sheet(wards), label=_("To be cooked"), nothing=nothing)


def _labels(asked: Asked, wards: Sequence[OfWard], staff: dict[str, str]) -> None:
    printed = [ward for ward in wards if ward.printed is not None]
    with tag("section", cls="section"):
        tag("h2", _("Tray labels"))
        if not printed:
            tag("p", _("No labels were printed for this meal yet."))
        for ward in printed:
            assert ward.printed is not None
            by = staff.get(ward.printed.by, ward.printed.by)
            said = _("{ward}: {n} labels printed at {at:%H:%M} by {by}.")
            at = ward_time(ward.printed.at)
            tag("p", said.format(ward=ward.name, n=ward.printed.labels, at=at, by=by))
        if printed:
            tag("h3", _("Changed since then"))
            tables.show(changes_sheet(printed), label=_("Changed since then"), nothing=_("Nothing has changed."))
        with tag("div", cls="acts"):
            if any(tray.cooked for ward in wards for tray in ward.found.trays):
                _form(asked, "print", _("Print all labels"), target="_blank", main=not printed)
            if any(change.kind != "gone" for ward in printed for change in ward.changes):
                _form(asked, "print-changed", _("Print the changed and new ones"), target="_blank", main=True)
            states = {tray.meal.state for ward in wards for tray in ward.found.trays}
            for act, words in _ACTS:
                if states & set(FROM[act]):
                    _form(asked, act, _(words))


def _form(asked: Asked, act: str, words: str, *, target: str | None = None, main: bool = False) -> None:
    with tag("form", method="post", action=address(f"/kitchen/{act}"), target=target):
        for name, value in asked.kept().items():
            tag("input", type="hidden", name=name, value=value)
        tag("button", words, type="submit", cls="button main" if main else "button")


def _trays(asked: Asked, wards: Sequence[OfWard], typed: str, number: int) -> None:
    found = trays_sheet(wards).having(typed)
    kept = asked.kept() | ({"q": typed} if typed else {})
    begin, here = (number - 1) * tables.PER_PAGE, address("/kitchen")
    with tag("section", cls="section"):
        with tag("div", cls="page-head"):
            tag("h2", _("Trays"))
            with tag("span", cls="tools"):
                tables.export(address("/kitchen.csv"), kept)
        tables.search(here, typed, asked.kept())
        shown = Sheet(found.columns, found.rows[begin : begin + tables.PER_PAGE])
        nothing = _("No tray fits.") if typed else _("Nobody has ordered this meal yet.")
        tables.show(shown, label=_("Trays"), nothing=nothing)
        tables.turn_pages(here, kept, number, total=len(found.rows))
