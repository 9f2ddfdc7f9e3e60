"""Payments that fit nothing: the list of those that wait or were dealt with, and one of them, to be worked off."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.dashboard import PREFIX, tables
from server.dashboard.cashier import acts, places
from server.dashboard.cashier.desk import CashDesk
from server.dashboard.cashier.stay import channel_name
from server.dashboard.frame import framed
from server.dashboard.guard import address
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.instants import instant
from server.dashboard.sheets.names import staff_names
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING, actor_text, time_text
from server.payments.cases import WAYS, Case, Way, case_called, cases, work_off
from wardlink.errors import InvalidInput
from wardlink.i18n import N_, domain
from wardlink.money import yuan

_ = domain("server").gettext

FAULTS: Mapping[str, str] = {
    "amount": N_("another amount than was asked"),
    "order": N_("under a number that we do not know"),
    "trade": N_("a second payment under the same number"),
    "currency": N_("in another currency"),
    "merchant": N_("for another merchant"),
    "refund": N_("paid after closing, and the channel does not give it back"),
}
WAY_WORDS: Mapping[Way, str] = {
    "taken": N_("taken into the deposit"),
    "given-back": N_("give it back to the payer through the channel"),
    "held": N_("held until the owner is known"),
    "returned": N_("given back at the channel's own desk"),
    "cash": N_("handed out in cash"),
    "bank": N_("sent by bank transfer"),
    "explained": N_("explained, nothing to book"),
}


async def page(desk: CashDesk, visit: Visit, request: Request) -> None:
    """The list at `/payments`."""
    asked = request.query_params
    typed, handled, number = asked.get("q", "")[:100], asked.get("state") == "done", tables.page_of(asked.get("page"))

    def read() -> Sheet:
        visit.audit("list", "payments to look into, cashier")
        return listed(desk, handled=handled).having(typed)

    found = await asyncio.to_thread(read)
    kept = {name: value for name, value in (("q", typed), ("state", "done" if handled else "")) if value}
    here, begin = address("/payments"), (number - 1) * tables.PER_PAGE
    with framed(visit, _("Payments to look into"), here="cashier"):
        with tag("div", cls="page-head"):
            tag("h1", _("Payments to look into"))
            tag("p", _("Money that came in and fits nothing. It stands nowhere until a person has decided."))
            with tag("span", cls="tools"):
                options = [(_("Open"), here, not handled), (_("Dealt with"), f"{here}?state=done", handled)]
                tables.choices(_("Show"), options)
                tables.export(address("/payments.csv"), kept)
        places.show(visit, "payments")
        tables.search(here, typed, {"state": "done"} if handled else {})
        shown = Sheet(found.columns, found.rows[begin : begin + tables.PER_PAGE])
        nothing = _("Nothing found.") if typed else _("Nothing waits: every payment has its place.")
        tables.show(shown, label=_("Payments to look into"), nothing=_("Nothing yet.") if handled else nothing)
        tables.turn_pages(here, kept, number, total=len(found.rows))


def listed(desk: CashDesk, *, handled: bool) -> Sheet:
    """Those that wait, or those that were dealt with. Reads the database."""
    with desk.core.db.read() as conn:
        return sheet(cases(conn, handled=handled), staff_names(conn), desk.core.clock.now(), handled=handled)


def sheet(found: Sequence[Case], staff: Mapping[str, str], now: datetime, *, handled: bool) -> Sheet:
    """These payments."""
    done = (Column("way", _("What was done"), "wide"), Column("by", _("Who")), Column("when", _("When")))
    columns = (
        Column("fault", _("What does not fit")),
        Column("at", _("Since")),
        Column("channel", _("Channel")),
        Column("number", _("Number"), "mono"),
        Column("asked", _("Asked (yuan)"), "number"),
        Column("came", _("Came in (yuan)"), "number"),
        Column("stay", _("Stay")),
        *(done if handled else ()),
    )
    return Sheet(columns, tuple(_row(each, staff, now) for each in found))


def _row(each: Case, staff: Mapping[str, str], now: datetime) -> Row:
    cells = {
        "fault": Cell(_(FAULTS[each.fault]), href=_page_of(each)),
        "at": instant(each.at, now),
        "channel": Cell(channel_name(each.channel)),
        "number": Cell(each.number),
        "asked": Cell(_yuan(each.asked_fen)),
        "came": Cell(_yuan(each.came_fen)),
        "stay": Cell(f"{each.admission_no} {each.name}".strip() or NOTHING),
        "way": Cell(_done(each)),
        "by": Cell(actor_text(each.handled_by, staff) if each.handled_by else NOTHING),
        "when": instant(each.handled_at, now),
    }
    return Row(f"{each.kind} {each.ref}", cells)


def _page_of(each: Case) -> str:
    return address(f"/payments/{each.kind}?{urlencode({'ref': each.ref})}")


def _done(each: Case) -> str:
    way = WAY_WORDS.get(each.way) if each.way else None  # type: ignore[call-overload]
    return _("{way}: {reason}").format(way=_(way), reason=each.reason) if way else NOTHING


def _yuan(fen: int | None) -> str:
    return NOTHING if fen is None else yuan(fen)


async def one(desk: CashDesk, visit: Visit, request: Request) -> None:
    """The page at `/payments/{kind}?ref=`."""
    kind, ref = request.path_params["kind"], request.query_params.get("ref", "")

    def read() -> tuple[Case, Mapping[str, str]]:
        with desk.core.db.read() as conn:
            found, staff = case_called(conn, kind, ref), staff_names(conn)
        visit.audit("view", f"payment to look into, {found.kind} {found.ref}", found.encounter)
        return found, staff

    found, staff = await asyncio.to_thread(read)
    with framed(visit, _("Payments to look into"), here="cashier"):
        with tag("div", cls="page-head"):
            tag("h1", _(FAULTS[found.fault]))
            with tag("span", cls="tools"):
                tag("a", _("Back"), cls="button", href=address("/payments"))
                if found.encounter is not None:
                    tag("a", _("The stay's money"), cls="button", href=address(f"/cashier/{found.encounter}"))
        places.show(visit, "")
        acts.say(desk, request)
        _facts(found, desk.core.clock.now())
        if found.way is None:
            _work_off(found)
        else:
            who = actor_text(found.handled_by, staff) if found.handled_by else NOTHING
            tag("p", _("Worked off by {who}. {what}").format(who=who, what=_done(found)), cls="notice good")


def _facts(found: Case, now: datetime) -> None:
    facts = [
        (_("Channel"), channel_name(found.channel)),
        (_("Number"), found.number),
        (_("Since"), time_text(found.at, now)),
        (_("Asked (yuan)"), _yuan(found.asked_fen)),
        (_("Came in (yuan)"), _yuan(found.came_fen)),
        (_("Stay"), f"{found.admission_no} {found.name}".strip() or NOTHING),
    ]
    with tag("dl", cls="facts"):
        for label, text in facts:
            with tag("div"):
                tag("dt", label)
                tag("dd", text)


def _work_off(found: Case) -> None:
    act = address(f"/payments/{found.kind}/work-off?{urlencode({'ref': found.ref})}")
    with tag("form", method="post", action=act, cls="ask"):
        tag("h2", _("Deal with this payment"))
        if found.kind == "amount":
            tag("p", _("The channel is asked once more; what it says then has come in is what is booked."))
        for way in WAYS[found.kind]:
            with tag("label", cls="sure"):
                tag("input", type="radio", name="way", value=way, required=True)
                tag("span", _(WAY_WORDS[way]))
            if way == "taken" and found.encounter is None:
                with tag("label"):
                    tag("span", _("Admission number of the stay, where it is taken into a deposit"))
                    tag("input", name="admission_no", maxlength="20")
        acts.ask_reason()
        with tag("div", cls="actions"):
            tag("button", _("Work off"), type="submit", cls="button main")


def routes(desk: CashDesk) -> APIRouter:
    """The form of one of them."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.post("/payments/{kind}/work-off")
    async def close(request: Request, kind: str, ref: str = "") -> Response:
        path = f"/payments/{kind[:10]}?{urlencode({'ref': ref[:90]})}"
        return await acts.answer(desk, request, path, "pay.reconcile", lambda v, t: _close(desk, v, kind, ref, t))

    return router


def _close(desk: CashDesk, visitor: Visit, kind: str, ref: str, typed: acts.Typed) -> str:
    with desk.core.db.read() as conn:
        found = case_called(conn, kind, ref)
    way = next((way for way in WAYS[found.kind] if way == typed.get("way")), None)
    if way is None:
        raise InvalidInput(detail=_("how it was worked off"))
    reason, admission_no = acts.reason_of(typed), typed.get("admission_no", "")
    work_off(desk.payments, visitor.person, found, way, reason=reason, admission_no=admission_no)
    return _("It is worked off.")
