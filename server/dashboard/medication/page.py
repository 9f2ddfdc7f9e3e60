"""Medication safety at `/medication`: the figures, one of them line by line, and what waits with its age."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import orjson
from fastapi import Request
from nicegui import ui

from server.core import Core
from server.dashboard import tables
from server.dashboard.fields import choice_field, day_fields
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.kpis.chart import svg
from server.dashboard.kpis.sheets import missing_sheet, unit_text, value_text
from server.dashboard.live_elements import LiveTable
from server.dashboard.medication import bars, sheets
from server.dashboard.medication.asked import SPLITS, Asked, Found, asked_of, may_see_people, read, shown_figures
from server.dashboard.medication.words import split_text
from server.dashboard.sheet import Sheet
from server.dashboard.sheets.names import patient_names, staff_names
from server.dashboard.tags import tag
from server.dashboard.tile import millis
from server.dashboard.visit import Visit
from server.dashboard.words import table_words
from server.medication.exceptions import listed
from wardlink.clinical.kpis import Kpi
from wardlink.clinical.medication_safety import figures
from wardlink.i18n import domain, speaking

_ = domain("server").gettext

HERE = "/medication"
_EVERY_S = 2.0


def register(core: Core) -> None:
    """The page at `/medication`."""
    page(core, HERE, _show, "medication.read")


def file(visit: Visit, request: Request) -> Sheet:
    """The lines as a file."""
    asked = asked_of(visit, request.query_params)
    with visit.core.db.read() as conn:
        found = read(conn, asked)
    return sheets.reasons_file(asked, found) if asked.split == "reason" else sheets.lines_file(asked, found)


def exceptions_file(visit: Visit, request: Request) -> Sheet:
    """What is to be cleared up as a file."""
    return _exceptions(visit, asked_of(visit, request.query_params))


async def _show(visit: Visit, request: Request) -> None:
    query = request.query_params
    number = tables.page_of(query.get("page"))

    def look() -> tuple[Asked, Found, Sheet]:
        asked = asked_of(visit, query)
        visit.audit("view", f"medication safety of {', '.join(asked.names)} by {asked.split}"[:200])
        with visit.core.db.read() as conn:
            found = read(conn, asked)
        return asked, found, _exceptions(visit, asked)

    asked, found, waiting = await asyncio.to_thread(look)
    wards = await asyncio.to_thread(visit.wards)
    kept = asked.kept()
    with framed(visit, _("Medication safety"), here="medication", ward=asked.ward):
        with tag("div", cls="page-head"):
            tag("h1", _("Medication safety"))
            tag("p", _of(asked))
            with tag("span", cls="tools"):
                tables.export(address("/medication.csv"), kept)
        _choose(visit, asked, wards)
        with tag("section", cls="section"):
            tag("h2", _("Measured here"))
            tag("p", _("What nobody can divide by is a dash. Look for ways of working, not for somebody to blame."))
            overview = sheets.overview_sheet(found.whole, kept)
            tables.show(overview, label=_("Measured here"), nothing=_("Nothing yet."))
        _course(asked, found, kept)
        _waiting(visit, asked, waiting, number)
        with tag("section", cls="section"):
            tag("h2", _("Codes that were refused"))
            tag(
                "p",
                _("Labels that do not read, wrong patients, drugs that nobody ordered: counted by themselves."),
            )
            if visit.may("audit.read"):
                days = f"from={asked.days.since.isoformat()}&to={asked.days.until.isoformat()}"
                tag("a", _("Refused scans"), cls="button", href=f"{address('/scans')}?{days}&by=reason")
            else:
                tag("p", _("The manager and the administrator can see them."), cls="muted")
        with tag("section", cls="section"):
            tag("h2", _("Not measured here"))
            tables.show(missing_sheet(figures().values()), label=_("Not measured here"), nothing=_("Nothing yet."))


def _of(asked: Asked) -> str:
    return _("{since} to {until}, wards: {wards}").format(
        since=asked.days.since.isoformat(),
        until=asked.days.until.isoformat(),
        wards=", ".join(asked.names.values()),
    )


def _choose(visit: Visit, asked: Asked, wards: Iterable[tuple[str, str]]) -> None:
    splits = [split for split in SPLITS if split != "person" or may_see_people(visit)]
    with tag("form", method="get", action=address(HERE), cls="table-tools"):
        choice_field("ward", _("Ward"), [("", _("All of mine")), *wards], asked.ward or "")
        day_fields(asked.days.since, asked.days.until)
        choice_field("by", _("Lines"), [(split, split_text(split)) for split in splits], asked.split)
        shown = [(code, figure.label_text()) for code, figure in shown_figures(asked.split).items()]
        choice_field("figure", _("Picture of"), shown, asked.figure.code)
        for name, value in (("show", asked.show), ("q", asked.typed)):
            tag("input", type="hidden", name=name, value=value)
        tag("button", _("Show"), type="submit", cls="button")


def _course(asked: Asked, found: Found, kept: dict[str, str]) -> None:
    figure, is_reasons = asked.figure, asked.split == "reason"
    with tag("section", cls="section", id="course"):
        title = _("{figure}: {lines}").format(figure=figure.label_text(), lines=split_text(asked.split))
        tag("h2", _("Why") if is_reasons else title)
        if is_reasons:
            tag("p", _("Reasons as they were written; a check that was passed over has one each."))
        else:
            _explain(figure, found)
        if asked.split == "person":
            tag("p", _("What somebody gave, and not what nobody gave. Few doses make a large share."), cls="muted")
        label = _("{kpi} over time; the table says the same").format(kpi=figure.label_text())
        drawn = _line(asked, found, label) if asked.split == "day" else ""
        if drawn:
            ui.html(drawn, sanitize=False)
        elif shown := [] if asked.split == "day" else sheets.bars(asked, found):
            bars.show(shown, label=_("{figure} as bars; the table says the same").format(figure=figure.label_text()))
        else:
            tag("p", _("Nothing to divide by in these days."), cls="nothing")
        table = sheets.reasons_sheet(found) if is_reasons else sheets.lines_sheet(asked, found)
        tables.show(table, label=split_text(asked.split), nothing=_("No dose was given or due in these days."))


def _explain(figure: Kpi, found: Found) -> None:
    total = sheets.value_of(figure, found.whole)
    told = _("{figure} in all: {value}").format(figure=figure.label_text(), value=value_text(figure, total))
    tag("p", told)
    tag("p", _("Formula: {formula}").format(formula=figure.formula_text()))
    tag("p", figure.counted_text())
    tag("p", _("Source: {source}, trust {trust}").format(source=figure.source, trust=figure.trust))


def _line(asked: Asked, found: Found, label: str) -> str:
    lines = reversed(sheets.named_lines(asked, found))
    told = [(name, sheets.value_of(asked.figure, terms).value) for name, terms in lines]
    values = [(name, None if value is None else float(value)) for name, value in told]
    return svg(values, label, unit_text(asked.figure))


def _waiting(visit: Visit, asked: Asked, found: Sheet, number: int) -> None:
    kept, here = asked.kept(), address(HERE)
    begin = (number - 1) * tables.PER_PAGE
    shown = Sheet(found.columns, found.rows[begin : begin + tables.PER_PAGE])
    is_open = asked.show == "open"
    with tag("section", cls="section", id="waiting"):
        with tag("div", cls="page-head"):
            tag("h2", _("Doses to be cleared up"))
            tag("p", _("Open ones whenever they began, the oldest first.") if is_open else _("Closed in these days."))
            with tag("span", cls="tools"):
                ways = ((_("Open"), "open"), (_("Closed"), "closed"))
                to = [(words, tables.address_with(here, {**kept, "show": way}), way) for words, way in ways]
                tables.choices(_("Show"), [(words, f"{href}#waiting", way == asked.show) for words, href, way in to])
                tables.export(address("/medication/exceptions.csv"), kept)
        tables.search(here, asked.typed, {name: value for name, value in kept.items() if name != "q"})
        nothing = _("Nothing found.") if asked.typed else _("Nothing waits here.")
        if is_open:
            _live(visit, asked, shown, begin, nothing)
        else:
            nothing = nothing if asked.typed else _("Nothing was closed in these days.")
            tables.show(shown, label=_("Doses to be cleared up"), nothing=nothing)
        if len(found.rows) > tables.PER_PAGE:
            tables.turn_pages(here, kept, number, total=len(found.rows))


def _live(visit: Visit, asked: Asked, first: Sheet, begin: int, nothing: str) -> None:
    core = visit.core
    rows = first.live_rows()
    table = LiveTable(
        [{"name": c.name, "label": c.label, "cls": c.cls} for c in first.columns],
        {"now": millis(core.clock.now()), "rows": rows, "order": list(rows)},
        table_words() | {"nothing_here": nothing, "table": _("Doses to be cleared up")},
        find=None,
    )

    async def refresh() -> None:
        with speaking(visit.language):
            found = await asyncio.to_thread(_exceptions, visit, asked)
        rows = Sheet(found.columns, found.rows[begin : begin + tables.PER_PAGE]).live_rows()
        table.apply(orjson.dumps({"now": millis(core.clock.now()), "rows": rows, "order": list(rows)}))

    ui.timer(_EVERY_S, refresh)


def _exceptions(visit: Visit, asked: Asked) -> Sheet:
    with visit.core.db.read() as conn:
        found = listed(conn, list(asked.names), asked.days, asked.show)
        names = patient_names(conn, (view.encounter for _ward, view in found))
        staff = staff_names(conn) if may_see_people(visit) else None
    if asked.show == "open":
        sheet = sheets.open_sheet(found, asked.names, names, staff)
    else:
        sheet = sheets.closed_sheet(found, asked.names, names, staff, visit.core.clock.now())
    return sheet.having(asked.typed)
