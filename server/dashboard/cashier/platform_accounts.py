"""Accounts with the insurance platform on a page: each day by insurance, what differs, and how it was dealt with."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.dashboard import PREFIX, tables
from server.dashboard.cashier import acts, places
from server.dashboard.cashier.desk import CashDesk
from server.dashboard.frame import framed
from server.dashboard.guard import address
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING, time_text
from server.insurance.accounts import Account, accounts
from server.insurance.service import NoPlatform
from wardlink.clock import ward_date
from wardlink.errors import InvalidInput
from wardlink.i18n import N_, domain

_ = domain("server").gettext

PATH = "/insurance-accounts"
STATES: Mapping[str, str] = {"agrees": N_("agrees"), "open": N_("differs, open"), "closed": N_("differed, dealt with")}
SCHEMES: Mapping[str, str] = {"310": N_("Employee insurance"), "390": N_("Resident insurance")}


def routes(desk: CashDesk) -> APIRouter:
    """What the forms of the page send."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    def ask(visitor: Visit, typed: acts.Typed) -> str:
        found = desk.insurance.accounts
        if found is None:
            raise NoPlatform
        try:
            on = date.fromisoformat(typed.get("on", ""))
        except ValueError as exc:
            raise InvalidInput(detail=_("a day")) from exc
        found.ask(on, actor=str(visitor.person.actor))
        visitor.audit("insurance-account", f"account of {on}")
        return _("{on} was compared.").format(on=on)

    def close(visitor: Visit, typed: acts.Typed) -> str:
        found, no = desk.insurance.accounts, typed.get("no", "")
        if found is None:
            raise NoPlatform
        number = int(no) if no.isascii() and no.isdigit() and len(no) < 18 else 0
        found.close(number, reason=typed.get("reason", ""), actor=str(visitor.person.actor))
        return _("It is noted as dealt with.")

    @router.post(f"{PATH}/ask")
    async def asked(request: Request) -> Response:
        return await acts.answer(desk, request, PATH, "pay.reconcile", ask)

    @router.post(f"{PATH}/close")
    async def closed(request: Request) -> Response:
        return await acts.answer(desk, request, PATH, "pay.reconcile", close)

    return router


async def page(desk: CashDesk, visit: Visit, request: Request) -> None:
    """The list, and each difference that is open."""

    def read() -> list[Account]:
        visit.audit("list", "insurance accounts")
        with desk.core.db.read() as conn:
            return accounts(conn, desk.core.clock.now())

    found = await asyncio.to_thread(read)
    with framed(visit, _("Insurance accounts"), here="cashier"):
        with tag("div", cls="page-head"):
            tag("h1", _("Insurance accounts"))
            tag("p", _("What we have settled with the insurance, against the platform's own sums, day by day."))
        places.show(visit, "insurance")
        said = desk.said(request.query_params.get("said"))
        if said:
            tag("p", said, cls="notice", role="alert")
        if desk.insurance.accounts is None:
            tag("p", _("No insurance platform is connected."), cls="notice")
        else:
            _ask(desk)
        for each in found:
            if each.state == "open":
                _open(each)
        tables.show(sheet(desk, found), label=_("Insurance accounts"), nothing=_("No day was compared yet."))


def sheet(desk: CashDesk, found: Sequence[Account]) -> Sheet:
    """These accounts."""
    columns = (
        Column("on", _("Day"), "mono"),
        Column("scheme", _("Insurance")),
        Column("count", _("Settlements"), "number"),
        Column("total", _("Bill (yuan)"), "number"),
        Column("fund", _("Funds (yuan)"), "number"),
        Column("state", _("State")),
        Column("asked", _("Compared")),
    )
    now = desk.core.clock.now()
    rows = [
        Row(
            str(each.no),
            {
                "on": Cell(str(each.on)),
                "scheme": Cell(_scheme(each)),
                "count": Cell(each.count),
                "total": Cell(each.total),
                "fund": Cell(each.fund),
                "state": Cell(_(STATES[each.state]), cls="bad" if each.state == "open" else ""),
                "asked": Cell(time_text(each.asked_at, now)),
            },
        )
        for each in found
    ]
    return Sheet(columns, tuple(rows))


def _open(each: Account) -> None:
    with tag("section", cls="section"):
        tag("h2", f"{each.on} · {_scheme(each)}")
        tag("p", _("The platform says: {words}").format(words=each.words or NOTHING), cls="notice bad")
        columns = (
            Column("setl", _("Settlement"), "mono"),
            Column("total", _("Bill (yuan)"), "number"),
            Column("fund", _("Funds (yuan)"), "number"),
            Column("memo", _("What the platform says"), "wide"),
        )
        shown = {"setl": "setl_id", "total": "medfee_sumamt", "fund": "fund_pay_sumamt", "memo": "memo"}
        rows = [
            Row(str(n), {name: Cell(str(row.get(field, ""))) for name, field in shown.items()})
            for n, row in enumerate(each.rows)
        ]
        tables.show(Sheet(columns, tuple(rows)), label=_("What differs"), nothing=_("The platform names no line."))
        with tag("form", method="post", action=address(f"{PATH}/close"), cls="ask"):
            tag("input", type="hidden", name="no", value=str(each.no))
            with tag("label"):
                tag("span", _("How was it dealt with? It stays in the record under your name."))
                tag("input", name="reason", maxlength="200", required=True)
            with tag("div", cls="actions"):
                tag("button", _("Dealt with"), type="submit", cls="button main")


def _ask(desk: CashDesk) -> None:
    yesterday = ward_date(desk.core.clock.now()) - timedelta(days=1)
    with tag("form", method="post", action=address(f"{PATH}/ask"), cls="table-tools"):
        with tag("label"):
            tag("span", _("Day"))
            tag("input", type="date", name="on", value=str(yesterday), max=str(yesterday), required=True)
        tag("button", _("Compare again"), type="submit", cls="button")


def _scheme(each: Account) -> str:
    label = SCHEMES.get(each.insutype)
    return each.insutype if label is None else _(label)
