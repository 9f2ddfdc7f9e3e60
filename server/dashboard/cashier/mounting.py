"""Gives the cashier's pages, forms and papers their addresses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response

from server.core import Core
from server.dashboard import PREFIX
from server.dashboard.cashier import (
    bill_forms,
    bills,
    cases,
    deposits,
    differences,
    files,
    forms,
    groups,
    late,
    paying,
    platform_accounts,
    stay,
    stays,
)
from server.dashboard.cashier.desk import CashDesk
from server.dashboard.door import way_in
from server.dashboard.guard import page
from server.dashboard.visit import Visit, visit
from server.identity.roles import Right
from server.settlement.papers import PAPERS, pdf_answer
from wardlink.errors import NotFound, NotSignedIn
from wardlink.i18n import speaking

Show = Callable[[CashDesk, Visit, Request], Awaitable[None]]


def mount(app: FastAPI, core: Core) -> None:
    """Pages, forms and papers on `app`, with the payments and settlements of its state."""
    state = app.state
    desk = CashDesk(core, state.payments, state.settlements, state.reconciliation, state.insurance)
    app.include_router(papers(desk))
    app.include_router(forms.routes(desk))
    app.include_router(bill_forms.routes(desk))
    app.include_router(cases.routes(desk))
    app.include_router(files.routes(desk))
    app.include_router(platform_accounts.routes(desk))
    pages: tuple[tuple[str, Show, Right], ...] = (
        ("/cashier", stays.page, "settle.read"),
        ("/cashier/{encounter}", stay.page, "settle.read"),
        ("/cashier/{encounter}/pay/{order}", paying.page, "settle.read"),
        ("/deposits", deposits.page, "settle.read"),
        ("/deposits/{encounter}", deposits.one, "settle.read"),
        ("/late-lines", late.page, "settle.read"),
        (platform_accounts.PATH, platform_accounts.page, "pay.reconcile"),
        ("/payments", cases.page, "pay.reconcile"),
        ("/payments/{kind}", cases.one, "pay.reconcile"),
        ("/reconcile", bills.page, "pay.reconcile"),
        ("/reconcile/differences", differences.page, "pay.reconcile"),
        ("/reconcile/difference/{id}", differences.one, "pay.reconcile"),
        ("/reconcile/{channel}/{on}", bills.one, "pay.reconcile"),
    )
    for path, show, right in pages:
        page(core, path, _for(desk, show), right)
    app.include_router(groups.routes(desk))
    page(core, "/drg", _for(desk, groups.page), "drg.read", "drg.code")
    page(core, "/drg/{encounter}", _for(desk, groups.one), "drg.read", "drg.code")


def papers(desk: CashDesk) -> APIRouter:
    """`/cashier/receipt/{id}.pdf` and `/cashier/fees/{id}.pdf`."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.get("/cashier/{paper}/{name}.pdf")
    def printed(request: Request, paper: str, name: str) -> Response:
        try:
            visitor = visit(desk.core, request)
        except NotSignedIn:
            return way_in(request.url.path)
        if paper not in PAPERS:
            raise NotFound(what="page", name=request.url.path[:100])
        visitor.demand("settle.read")
        with speaking(visitor.language):
            saga = desk.settlements.called(name)
            desk.stay(visitor, saga.encounter)
            font = request.app.state.settings.font
            pdf = PAPERS[paper](desk.settlements, saga, font=font, is_sample=desk.core.demo)
        visitor.audit("print", f"{paper} of settlement {saga.id}", saga.encounter)
        return pdf_answer(pdf, f"{paper}-{saga.id}")

    return router


def _for(desk: CashDesk, show: Show) -> Callable[[Visit, Request], Awaitable[Response | None]]:
    async def build(visitor: Visit, request: Request) -> Response | None:
        await show(desk, visitor, request)
        return None

    return build
