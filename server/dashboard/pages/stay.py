"""One patient's page: who it is, curves, every set with its three clocks, calls, and what did not fit."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from fastapi import Request
from nicegui import ui
from sqlalchemy import select
from sqlmodel import col

from server.core import Core
from server.dashboard import curves, tables
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.sheet import Sheet
from server.dashboard.sheets import assessments, calls, due, exceptions, fluids, handovers, isolations, measured, sets
from server.dashboard.sheets.names import staff_names
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import DIETS, LEVELS, NOTHING, SEXES, time_text, word
from server.due.service import due_of_stay
from server.exceptions.models import ExceptionRow
from server.exceptions.service import as_view
from server.patients.service import encounter_view, places_of
from wardlink.clinical.names import age_years
from wardlink.clock import ward_date
from wardlink.errors import NotFound
from wardlink.i18n import N_, domain
from wardlink.messages.encounters import EncounterView
from wardlink.messages.vitals import VitalsRecorded

_ = domain("server").gettext

PERIODS: tuple[tuple[int, str], ...] = ((6, N_("6 h")), (24, N_("24 h")), (72, N_("3 days")))


@dataclass(frozen=True)
class _Known:
    stay: EncounterView
    ward: str
    drawn: list[VitalsRecorded]
    every: int
    sets: Sheet
    total: int
    fluids: Sheet
    measured: Sheet
    assessments: Sheet
    isolations: Sheet
    isolated: str
    calls: Sheet
    exceptions: Sheet
    due: Sheet
    handovers: Sheet


def register(core: Core) -> None:
    """A stay at `/stay/{id}`."""
    page(core, "/stay/{name}", _show, "ward.read")


def readable(visit: Visit, name: str) -> EncounterView:
    """The stay, if the visitor works in a ward where it is or was. Reads the database.

    Raises:
        NotFound: there is none, or not in the visitor's wards; never says which.
    """
    with visit.core.db.read() as conn:
        stay = encounter_view(conn, name)
        places = places_of(conn, name) if stay is not None else ()
    if stay is None or not any(visit.sees(ward) for ward in {stay.ward, *(place.ward for place in places)}):
        raise NotFound(what="stay", name=name[:40])
    return stay


async def _show(visit: Visit, request: Request) -> None:
    asked = request.query_params
    hours = int(asked["hours"]) if asked.get("hours") in {str(h) for h, _label in PERIODS} else 24
    source = None if asked.get("source") == "all" else "manual"
    number = tables.page_of(asked.get("page"))
    name = request.path_params["name"]
    now = visit.core.clock.now()
    known = await asyncio.to_thread(_read, visit, name, hours, source, number, now)
    kept = {"hours": str(hours), "source": source or "all"}
    here = address(f"/stay/{name}")
    title = f"{known.stay.name} · {known.ward} {known.stay.bed}"
    with framed(visit, title, here="", ward=known.stay.ward):
        _who(visit, known.stay, known.ward, known.isolated, now)
        with tag("section", cls="section", id="due"):
            tag("h2", _("What is due"))
            tables.show(known.due, label=_("What is due"), nothing=_("Nothing is due within eight hours."))
        with tag("section", cls="section"):
            with tag("div", cls="page-head"):
                tag("h2", _("Curves"))
                if known.every > 1:
                    tag("p", _("Of a monitor's sets every {n}th one is drawn.").format(n=known.every))
                with tag("span", cls="tools"):
                    tables.choices(
                        _("Period"),
                        [(_(label), f"{here}?{urlencode({**kept, 'hours': h})}", h == hours) for h, label in PERIODS],
                    )
            _curves(known.drawn, now - timedelta(hours=hours), now)
        with tag("section", cls="section", id="sets"):
            with tag("div", cls="page-head"):
                tag("h2", _("Vital signs"))
                with tag("span", cls="tools"):
                    tables.choices(
                        _("Source"),
                        [
                            (
                                _("by hand"),
                                f"{here}?{urlencode({**kept, 'source': 'manual'})}#sets",
                                source is not None,
                            ),
                            (_("all"), f"{here}?{urlencode({**kept, 'source': 'all'})}#sets", source is None),
                        ],
                    )
                    tables.export(address(f"/stay/{name}.csv"), {"source": source or "all"})
            tables.show(known.sets, label=_("Vital signs"), nothing=_("Nothing measured yet"))
            tables.turn_pages(here, kept, number, total=known.total)
        for words, sheet, nothing in (
            (_("Intake and output"), known.fluids, _("Nothing written down in the last days.")),
            (_("Single measurements"), known.measured, _("Nothing measured yet")),
            (_("Assessments"), known.assessments, _("Nothing assessed yet.")),
            (_("Isolation"), known.isolations, _("Was not isolated.")),
            (_("Hand-over"), known.handovers, _("Nothing was handed over about this patient yet.")),
            (_("Calls"), known.calls, _("No calls.")),
            (_("What did not fit"), known.exceptions, _("Nothing.")),
        ):
            with tag("section", cls="section"):
                tag("h2", words)
                tables.show(sheet, label=words, nothing=nothing)


def _read(visit: Visit, name: str, hours: int, source: str | None, number: int, now: datetime) -> _Known:
    stay = readable(visit, name)
    visit.audit("view", "stay", stay.id)
    with visit.core.db.read() as conn:
        staff = staff_names(conn)
        drawn, every = sets.drawn(conn, stay.id, now - timedelta(hours=hours))
        shown = sets.newest(conn, stay.id, source=source, limit=tables.PER_PAGE, offset=(number - 1) * tables.PER_PAGE)
        rows = conn.execute(
            select(ExceptionRow.__table__)  # type: ignore[attr-defined]
            .where(col(ExceptionRow.encounter) == stay.id)
            .order_by(col(ExceptionRow.opened_at).desc())
            .limit(exceptions.MOST)
        )
        return _Known(
            stay=stay,
            ward=stay.ward,
            drawn=drawn,
            every=every,
            sets=sets.sheet(shown, staff, now),
            total=sets.count(conn, stay.id, source=source),
            fluids=fluids.of_stay(conn, stay, now),
            measured=measured.of_stay(conn, stay.id, now),
            assessments=assessments.of_stay(conn, stay, now),
            isolations=isolations.of_stay(conn, stay.id, now),
            isolated=isolations.standing_text(conn, stay.id),
            calls=calls.of_stay(conn, stay.id, staff, now),
            due=due.sheet(due_of_stay(conn, stay, now), now),
            handovers=handovers.of_stay(conn, stay.id, now),
            exceptions=exceptions.of_stay(conn, [(row.ward, as_view(row)) for row in rows], now),
        )


def _who(visit: Visit, stay: EncounterView, ward: str, isolated: str, now: datetime) -> None:
    years = age_years(stay.birth_on, max(stay.birth_on, ward_date(now)))
    with tag("div", cls="page-head"):
        tag("h1", stay.name)
        tag("p", _("{sex}, {years} y, bed {bed}").format(sex=word(SEXES, stay.sex), years=years, bed=stay.bed))
        with tag("span", cls="tools"):
            tag("a", _("Orders"), cls="button", href=address(f"/orders/stay/{stay.id}"))
            tag("a", _("Family"), cls="button", href=address(f"/family/{stay.id}"))
            strips = urlencode({"q": stay.admission_no, "state": "all"})
            tag("a", _("ECG"), cls="button", href=address(f"/ecg?{strips}"))
            tag("a", _("Tubes"), cls="button", href=address(f"/tubes/{stay.id}"))
            tag("a", _("Temperature chart"), cls="button", href=address(f"/stay/{stay.id}/temperature-chart.pdf"))
            tag("a", _("Back to the board"), cls="button", href=address(f"/?ward={ward}"))
    if stay.status != "in-progress":
        ended = time_text(stay.discharged_at, now)
        tag("p", _("This stay ended {time}.").format(time=ended), cls="notice")
    facts = (
        (_("Admission number"), stay.admission_no),
        (_("Patient number"), stay.mrn),
        (_("Born"), stay.birth_on.isoformat()),
        (_("Ward"), stay.ward),
        (_("Level of care"), word(LEVELS, stay.level)),
        (_("Diet"), word(DIETS, stay.diet)),
        (_("Allergies"), ", ".join(stay.allergies) or _("none written down")),
        (_("Isolation"), isolated or _("none")),
        (_("Responsible nurse"), stay.nurse_name or NOTHING),
        (_("Doctor"), stay.doctor_name or NOTHING),
        (_("SpO₂ scale"), str(stay.spo2_scale)),
        (_("Admitted"), time_text(stay.admitted_at, now)),
    )
    with tag("dl", cls="facts"):
        for label, text in facts:
            with tag("div"):
                tag("dt", label)
                tag("dd", text)


def _curves(drawn: list[VitalsRecorded], start_at: datetime, end_at: datetime) -> None:
    charts = [(_(plot.label), curves.chart(plot, drawn, start_at, end_at)) for plot in curves.PLOTS]
    charts.append(("NEWS2", curves.score_chart(drawn, start_at, end_at)))
    with tag("div", cls="charts"):
        for label, options in charts:
            with tag("div", cls="chart"):
                tag("h3", label)
                if options["series"]:
                    ui.echart(options).classes("plot")
                else:
                    tag("p", _("Nothing measured in this period."), cls="nothing")
