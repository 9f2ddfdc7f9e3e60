"""Tables as files, for signed-in visitors; every one that is fetched is audited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.core import Core
from server.dashboard import PREFIX
from server.dashboard.alarms import history, times
from server.dashboard.alarms.asked import asked_of as alerts_asked
from server.dashboard.beds.page import beds_sheet, wards_of
from server.dashboard.complaints import listing as complaints
from server.dashboard.consults import sheets as consults
from server.dashboard.consults.page import show_asked
from server.dashboard.door import way_in
from server.dashboard.ecg.listing import wants_all, worklist
from server.dashboard.events import listing as events
from server.dashboard.hospital import page as hospital
from server.dashboard.kitchen import waste as kitchen_waste
from server.dashboard.kitchen.asked import asked_of, of_wards
from server.dashboard.kitchen.sheets import trays_sheet
from server.dashboard.kpis.asked import asked_of as kpis_asked
from server.dashboard.kpis.asked import periods
from server.dashboard.kpis.page import kpi_named
from server.dashboard.kpis.sheets import file_sheet
from server.dashboard.medication import page as medication
from server.dashboard.pages.audit import searched
from server.dashboard.pages.handovers import shift_asked
from server.dashboard.pages.requests import category_of, state_of
from server.dashboard.pages.results import newest as results_newest
from server.dashboard.pages.stay import readable
from server.dashboard.rehabilitation import sheets as rehabilitation
from server.dashboard.rehabilitation.page import rehab_asked
from server.dashboard.sheet import Sheet
from server.dashboard.sheets import audit, exceptions, fleet, handovers, parked, requests, scans, sets
from server.dashboard.sheets.names import staff_names, ward_names
from server.dashboard.shifts import page as shifts
from server.dashboard.staff.page import list_asked
from server.dashboard.staff.sheets import rights_sheet
from server.dashboard.survey import sheets as survey
from server.dashboard.visit import Visit, visit
from server.identity.roles import Right
from server.kpis.counting import counted
from wardlink.clock import ward_date, ward_time
from wardlink.errors import NoRight, NotSignedIn
from wardlink.i18n import speaking

MOST_SETS = 100_000

Make = Callable[[Visit, Request], Sheet]


def routes(core: Core) -> APIRouter:
    """The tables that have a file: of devices, complaints, hand-overs, meals, a stay, the audit and more."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    def export(path: str, name: str, make: Make, *rights: Right) -> None:
        def answer(request: Request) -> Response:
            return _file(core, request, name, make, rights)

        router.add_api_route(path, answer, methods=["GET"])

    export("/alerts/history.csv", "alerts", _alerts, "ward.read")
    export("/alerts/times.csv", "response-times", times.file, "ward.read")
    export("/hospital.csv", "wards", hospital.file, "ward.read")
    export("/fleet.csv", "devices", _fleet, "ward.read", "device.manage")
    export("/exceptions.csv", "exceptions", _exceptions, "ward.read")
    export("/handovers.csv", "hand-overs", _handovers, "ward.read")
    export("/consultations.csv", "consultations", _consults, "consult.read")
    export("/rehabilitation.csv", "rehabilitation", _rehabilitation, "ward.read")
    export("/kitchen.csv", "kitchen", _kitchen, "meal.kitchen")
    export("/kitchen/waste.csv", "waste", kitchen_waste.file, "meal.kitchen")
    export("/complaints.csv", "complaints", _complaints, "complaint.read")
    export("/events.csv", "adverse-events", events.file, "event.report")
    export("/survey.csv", "satisfaction", _survey, "survey.read")
    export("/kpis.csv", "kpis", _kpis, "kpi.read")
    export("/medication.csv", "medication-safety", medication.file, "medication.read")
    export("/medication/exceptions.csv", "doses-to-clear-up", medication.exceptions_file, "medication.read")
    export("/requests.csv", "requests", _requests, "ward.read")
    export("/results.csv", "results", _results, "result.acknowledge")
    export("/ecg.csv", "ecg-strips", _ecg, "ward.read")
    export("/beds.csv", "beds", _beds, "ward.manage")
    export("/shifts.csv", "shifts", shifts.file, "ward.read")
    export("/staff.csv", "staff", _staff, "staff.manage")
    export("/roles.csv", "roles", lambda _visitor, _request: rights_sheet(), "staff.manage")
    export("/parked.csv", "set-aside", _parked, "parked.handle")
    export("/audit.csv", "access-record", _audit, "audit.read")
    export("/scans.csv", "refused-scans", _scans, "audit.read")
    export("/stay/{name}.csv", "vital-signs", _sets, "ward.read")

    return router


def _file(core: Core, request: Request, name: str, make: Make, rights: tuple[Right, ...]) -> Response:
    try:
        visitor = visit(core, request)
    except NotSignedIn:
        return way_in(request.url.path)
    if not any(visitor.may(right) for right in rights):
        raise NoRight
    with speaking(visitor.language):
        found = make(visitor, request).having(request.query_params.get("q", "") if name != "access-record" else "")
    visitor.audit("export", f"{name} {request.url.path}"[:200])
    stamp = ward_time(core.clock.now()).strftime("%Y%m%d-%H%M%S")
    headers = {
        "Content-Disposition": f'attachment; filename="wardlink-{name}-{stamp}.csv"',
        "Cache-Control": "no-store",
    }
    return Response(found.csv(), media_type="text/csv; charset=utf-8", headers=headers)


def _wards(visitor: Visit, request: Request) -> list[str]:
    asked = request.query_params.get("ward")
    if asked and not visitor.sees(asked):
        raise NoRight
    return [ward for ward, _name in visitor.wards() if asked in (None, "", ward)]


def _alerts(visitor: Visit, request: Request) -> Sheet:
    now, wards = visitor.core.clock.now(), _wards(visitor, request)
    with visitor.core.db.read() as conn:
        found, _is_cut = history.read(conn, alerts_asked(wards, request.query_params, now))
    return history.list_sheet(found, now, with_ward=len(wards) > 1)


def _beds(visitor: Visit, request: Request) -> Sheet:
    asked = _wards(visitor, request)
    return beds_sheet(visitor, [ward for ward in wards_of(visitor) if ward.id in asked])


def _staff(visitor: Visit, request: Request) -> Sheet:
    return list_asked(visitor, request.query_params)


def _fleet(visitor: Visit, request: Request) -> Sheet:
    return fleet.sheet(visitor.core, _wards(visitor, request))


def _exceptions(visitor: Visit, request: Request) -> Sheet:
    closed = request.query_params.get("state") == "closed"
    with visitor.core.db.read() as conn:
        return exceptions.sheet(conn, _wards(visitor, request), visitor.core.clock.now(), closed=closed)


def _handovers(visitor: Visit, request: Request) -> Sheet:
    now = visitor.core.clock.now()
    shift = shift_asked(request.query_params, now)
    with visitor.core.db.read() as conn:
        parts = [handovers.of_ward(conn, ward, shift, now) for ward in _wards(visitor, request)]
    return Sheet(parts[0].columns if parts else (), tuple(row for part in parts for row in part.rows))


def _consults(visitor: Visit, request: Request) -> Sheet:
    now, show = visitor.core.clock.now(), show_asked(request.query_params.get("show"))
    with visitor.core.db.read() as conn:
        return consults.of_wards(conn, _wards(visitor, request), now, show)


def _rehabilitation(visitor: Visit, request: Request) -> Sheet:
    now, show = visitor.core.clock.now(), rehab_asked(request.query_params.get("show"))
    with visitor.core.db.read() as conn:
        return rehabilitation.of_wards(conn, _wards(visitor, request), now, show)


def _kitchen(visitor: Visit, request: Request) -> Sheet:
    asked = asked_of(visitor, request.query_params)
    with visitor.core.db.read() as conn:
        return trays_sheet(of_wards(conn, asked))


def _complaints(visitor: Visit, request: Request) -> Sheet:
    show = complaints.show_asked(request.query_params.get("show"))
    with visitor.core.db.read() as conn:
        return complaints.sheet(conn, visitor, show, visitor.core.clock.now())


def _kpis(visitor: Visit, request: Request) -> Sheet:
    query = request.query_params
    asked = kpis_asked(_wards(visitor, request), query, ward_date(visitor.core.clock.now()))
    chosen = kpi_named(query["kpi"]) if query.get("kpi") else None
    with visitor.core.db.read() as conn:
        found = counted(conn, asked.wards, asked.days)
    return file_sheet(asked.wards, periods(found, asked.step), chosen)


def _survey(visitor: Visit, request: Request) -> Sheet:
    with visitor.core.db.read() as conn:
        return survey.by_month(conn, _wards(visitor, request))


def _requests(visitor: Visit, request: Request) -> Sheet:
    asked = request.query_params
    category, state = category_of(asked.get("category")), state_of(asked.get("state"))
    with visitor.core.db.read() as conn:
        now = visitor.core.clock.now()
        return requests.sheet(conn, _wards(visitor, request), now, category=category, state=state)


def _results(visitor: Visit, request: Request) -> Sheet:
    waiting = request.query_params.get("state") != "all"
    return results_newest(visitor.core, _wards(visitor, request), waiting=waiting)


def _ecg(visitor: Visit, request: Request) -> Sheet:
    return worklist(visitor.core, _wards(visitor, request), every=wants_all(request.query_params))


def _parked(visitor: Visit, request: Request) -> Sheet:
    with visitor.core.db.read() as conn:
        closed = request.query_params.get("state") == "closed"
        return parked.sheet(conn, visitor.wards_bound(), visitor.core.clock.now(), closed=closed)


def _audit(visitor: Visit, request: Request) -> Sheet:
    now = visitor.core.clock.now()
    with visitor.core.db.read() as conn:
        names = staff_names(conn)
        return audit.sheet(conn, searched(request.query_params), names, now, limit=audit.MOST_EXPORTED)


def _scans(visitor: Visit, request: Request) -> Sheet:
    with visitor.core.db.read() as conn:
        return scans.sheet(
            conn, scans.asked(request.query_params, visitor.core.clock.now()), staff_names(conn), ward_names(conn)
        )


def _sets(visitor: Visit, request: Request) -> Sheet:
    stay = readable(visitor, request.path_params["name"])
    source: Any = None if request.query_params.get("source") == "all" else "manual"
    with visitor.core.db.read() as conn:
        found = sets.newest(conn, stay.id, source=source, limit=MOST_SETS)
        return sets.sheet(found, staff_names(conn), visitor.core.clock.now())
