"""Tables of the cashier's pages as files; every one that is fetched is audited."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.dashboard import PREFIX
from server.dashboard.cashier import bills, cases, deposits, differences, groups
from server.dashboard.cashier.desk import CashDesk
from server.dashboard.door import way_in
from server.dashboard.visit import Visit, visit
from server.identity.roles import Right
from server.reconcile.export import as_csv
from server.reconcile.rows import differences as found_differences
from wardlink.clock import ward_time
from wardlink.errors import NoRight, NotSignedIn
from wardlink.i18n import speaking

Make = Callable[[CashDesk, Visit, Request], bytes]


def routes(desk: CashDesk) -> APIRouter:
    """One address a table, beside its page."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    def export(path: str, name: str, make: Make, *rights: Right) -> None:
        def answer(request: Request) -> Response:
            return _file(desk, request, name, make, rights)

        router.add_api_route(path, answer, methods=["GET"])

    export("/deposits.csv", "deposits", _deposits, "settle.read")
    export("/deposits/{encounter}/{day}.csv", "daily-list", _daily, "settle.read")
    export("/drg.csv", "groups", _groups, "drg.read", "drg.code")
    export("/payments.csv", "payments", _cases, "pay.reconcile")
    export("/reconcile.csv", "bills", _bills, "pay.reconcile")
    export("/reconcile/differences.csv", "differences", _differences, "pay.reconcile")
    return router


def _file(desk: CashDesk, request: Request, name: str, make: Make, rights: tuple[Right, ...]) -> Response:
    try:
        visitor = visit(desk.core, request)
    except NotSignedIn:
        return way_in(request.url.path)
    if not any(visitor.may(right) for right in rights):
        raise NoRight
    with speaking(visitor.language):
        data = make(desk, visitor, request)
    visitor.audit("export", f"{name} {request.url.path}"[:200])
    stamp = ward_time(desk.core.clock.now()).strftime("%Y%m%d-%H%M%S")
    headers = {
        "Content-Disposition": f'attachment; filename="wardlink-{name}-{stamp}.csv"',
        "Cache-Control": "no-store",
    }
    return Response(data, media_type="text/csv; charset=utf-8", headers=headers)


def _bills(desk: CashDesk, _visitor: Visit, _request: Request) -> bytes:
    with desk.core.db.read() as conn:
        return bills.export_sheet(conn, desk).csv()


def _differences(desk: CashDesk, _visitor: Visit, request: Request) -> bytes:
    asked = {"state": "all", **request.query_params}
    with desk.core.db.read() as conn:
        now = desk.core.clock.now()
        return as_csv(found_differences(conn, now, differences.wanted_by(asked), limit=differences.MOST_EXPORTED))


def _cases(desk: CashDesk, _visitor: Visit, request: Request) -> bytes:
    asked = request.query_params
    return cases.listed(desk, handled=asked.get("state") == "done").having(asked.get("q", "")).csv()


def _deposits(desk: CashDesk, visitor: Visit, request: Request) -> bytes:
    asked = request.query_params
    return deposits.listed(desk, visitor, asked.get("q", "").strip()[:100], deposits.level_asked(asked)).csv()


def _daily(desk: CashDesk, visitor: Visit, request: Request) -> bytes:
    stay = desk.stay(visitor, request.path_params["encounter"])
    with desk.core.db.read() as conn:
        return deposits.table(conn, desk, stay.id, request.path_params["day"])


def _groups(desk: CashDesk, visitor: Visit, request: Request) -> bytes:
    return groups.table(desk, visitor, request.query_params)
