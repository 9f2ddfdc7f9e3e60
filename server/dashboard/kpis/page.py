"""The KPIs at `/kpis`, and each of them with its course at `/kpis/{name}`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from fastapi import Request
from nicegui import ui

from server.core import Core
from server.dashboard import tables
from server.dashboard.fields import choice_field, day_fields
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.kpis.asked import Asked, asked_of, periods, whole
from server.dashboard.kpis.chart import svg
from server.dashboard.kpis.sheets import (
    missing_sheet,
    number_text,
    overview_sheet,
    periods_sheet,
    unit_text,
    value_text,
)
from server.dashboard.pages.fleet import wards_shown
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.kpis.counting import ByDay, counted
from wardlink.clinical.kpis import Kpi, kpis
from wardlink.clock import ward_date
from wardlink.errors import NotFound
from wardlink.i18n import domain

_ = domain("server").gettext


def register(core: Core) -> None:
    """Both pages."""
    page(core, "/kpis", _all, "kpi.read")
    page(core, "/kpis/{name}", _one, "kpi.read")


def kpi_named(name: str) -> Kpi:
    """The KPI of an address.

    Raises:
        NotFound: there is none of this name that can be computed.
    """
    found = kpis().get(name)
    if found is None or found.missing:
        raise NotFound(what="page", name=name[:40])
    return found


async def _all(visit: Visit, request: Request) -> None:
    asked, kept, found = await _read(visit, request, "KPIs")
    ward, wards = kept.get("ward"), dict(await asyncio.to_thread(visit.wards))
    with framed(visit, _("KPIs"), here="kpis", ward=ward):
        with tag("div", cls="page-head"):
            tag("h1", _("KPIs"))
            tag("p", _of(asked, wards))
            with tag("span", cls="tools"):
                tables.export(address("/kpis.csv"), kept)
        _choose(address("/kpis"), wards, asked, ward)
        with tag("section", cls="section"):
            tag("h2", _("Measured here"))
            tag(
                "p", _("Several days and wards are summed before they are divided. Today is left out until it is over.")
            )
            tables.show(overview_sheet(whole(found), kept), label=_("Measured here"), nothing=_("Nothing yet."))
            _to_times(visit, kept)
        with tag("section", cls="section"):
            tag("h2", _("Not measured here"))
            tables.show(missing_sheet(kpis().values()), label=_("Not measured here"), nothing=_("Nothing yet."))


async def _one(visit: Visit, request: Request) -> None:
    kpi = kpi_named(request.path_params["name"])
    asked, kept, found = await _read(visit, request, f"KPI {kpi.code}")
    parts, total, ward = periods(found, asked.step), whole(found).measured(kpi), kept.get("ward")
    here, wards = address(f"/kpis/{kpi.code}"), dict(await asyncio.to_thread(visit.wards))
    with framed(visit, kpi.label_text(), here="kpis", ward=ward):
        with tag("div", cls="page-head"):
            tag("h1", _("{label}: {value}").format(label=kpi.label_text(), value=value_text(kpi, total)))
            tag("p", _of(asked, wards))
            with tag("span", cls="tools"):
                tag("a", _("All KPIs"), cls="button", href=tables.address_with(address("/kpis"), kept))
                tables.export(address("/kpis.csv"), kept | {"kpi": kpi.code})
        _choose(here, wards, asked, ward)
        with tag("section", cls="section"):
            tag("p", _("Formula: {formula}").format(formula=kpi.formula_text()))
            tag("p", kpi.counted_text())
            if kpi.reported:
                said = _("Counted is what was reported: {n} in these days. What nobody reports is not in it.")
                tag("p", said.format(n=number_text(total.numerator)), cls="notice")
            if kpi.above == "calls_in_time":
                _to_times(visit, kept)
            tag("p", _("Source: {source}, trust {trust}").format(source=kpi.source, trust=kpi.trust))
        values = [(one.name, None if (v := one.measured(kpi).value) is None else float(v)) for one in parts]
        drawn = svg(values, _("{kpi} over time; the table says the same").format(kpi=kpi.label_text()), unit_text(kpi))
        with tag("section", cls="section"):
            if drawn:
                ui.html(drawn, sanitize=False)
            else:
                tag("p", _("Nothing to divide by in these days."), cls="nothing")
            tables.show(periods_sheet(kpi, parts), label=kpi.label_text(), nothing=_("Nothing yet."))


async def _read(visit: Visit, request: Request, what: str) -> tuple[Asked, dict[str, str], ByDay]:
    query = request.query_params
    ward = query.get("ward") or None
    asked = asked_of(await wards_shown(visit, ward), query, ward_date(visit.core.clock.now()))
    days = {"since": asked.days.since.isoformat(), "until": asked.days.until.isoformat(), "by": asked.step}

    def read() -> ByDay:
        visit.audit("view", f"{what} of {', '.join(asked.wards)}"[:200])
        with visit.core.db.read() as conn:
            return counted(conn, asked.wards, asked.days)

    return asked, days | ({"ward": ward} if ward else {}), await asyncio.to_thread(read)


def _to_times(visit: Visit, kept: Mapping[str, str]) -> None:
    # Percentiles are no sums that could be divided: they have a page of their own.
    if visit.may("ward.read"):
        with tag("p"):
            asked = {name: value for name, value in kept.items() if name != "by"}
            tag("a", _("Response times of calls and alerts: P50, P90 and the longest"), href=_times_at(asked))


def _times_at(asked: Mapping[str, str]) -> str:
    return tables.address_with(address("/alerts/times"), asked)


def _of(asked: Asked, wards: Mapping[str, str]) -> str:
    days = asked.days
    named = ", ".join(wards.get(ward, ward) for ward in asked.wards)
    return _("{since} to {until}, wards: {wards}").format(
        since=days.since.isoformat(), until=days.until.isoformat(), wards=named
    )


def _choose(here: str, wards: Mapping[str, str], asked: Asked, ward: str | None) -> None:
    with tag("form", method="get", action=here, cls="table-tools"):
        choice_field("ward", _("Ward"), [("", _("All of mine")), *wards.items()], ward or "")
        day_fields(asked.days.since, asked.days.until)
        choice_field("by", _("Lines"), [("day", _("By day")), ("month", _("By month"))], asked.step)
        tag("button", _("Show"), type="submit", cls="button")
