"""Late lines: the list of all that came after discharge or settlement, and those of one stay, to be worked off."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from fastapi import Request

from server.dashboard import tables
from server.dashboard.cashier import places
from server.dashboard.cashier.desk import CashDesk
from server.dashboard.frame import framed
from server.dashboard.guard import address
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import time_text
from server.settlement.late import Late, late_lines
from wardlink.errors import NoRight
from wardlink.i18n import N_, domain, language
from wardlink.money import yuan

_ = domain("server").gettext

STATES: Mapping[str, str] = {
    "open": N_("open"),
    "settling": N_("being settled"),
    "settled": N_("settled, receipt {no}"),
    "waived": N_("waived: {reason}"),
}


async def page(desk: CashDesk, visit: Visit, request: Request) -> None:
    """The list; without more those that are open."""
    everything = request.query_params.get("show") == "all"
    number, here = tables.page_of(request.query_params.get("page")), address("/late-lines")

    def read() -> list[Late]:
        if not visit.may("settle.read"):
            raise NoRight
        visit.audit("list", "late lines, cashier")
        with desk.core.db.read() as conn:
            found = late_lines(conn, desk.core.clock.now(), wards=visit.wards_bound())
        return [late for late in found if everything or late.state == "open"]

    found = await asyncio.to_thread(read)
    begin = (number - 1) * tables.PER_PAGE
    with framed(visit, _("Late charges"), here="cashier"):
        with tag("div", cls="page-head"):
            tag("h1", _("Late charges"))
            tag("p", _("Charged after the discharge or after the settlement. Settle them once more, or waive them."))
            with tag("span", cls="tools"):
                options = [(_("Open"), here, not everything), (_("All"), f"{here}?show=all", everything)]
                tables.choices(_("Show"), options)
        places.show(visit, "late")
        shown = sheet(desk, found[begin : begin + tables.PER_PAGE])
        tables.show(shown, label=_("Late charges"), nothing=_("Nothing came late."))
        tables.turn_pages(here, {"show": "all"} if everything else {}, number, total=len(found))


def sheet(desk: CashDesk, found: Sequence[Late]) -> Sheet:
    """These lines."""
    columns = (
        Column("no", _("Admission no."), "mono"),
        Column("name", _("Name")),
        Column("item", _("Item"), "wide"),
        Column("amount", _("Amount (yuan)"), "number"),
        Column("at", _("Done")),
        Column("booked", _("Charged")),
        Column("state", _("State")),
    )
    return Sheet(columns, tuple(_row(desk, late) for late in found))


def section(desk: CashDesk, found: Sequence[Late], *, may_run: bool) -> None:
    """On the page of a stay: its open late lines, each with the way to waive it."""
    left = [late for late in found if late.state == "open"]
    if not left:
        return
    with tag("section", cls="section", id="late"):
        tag("h2", _("Late charges"))
        total = yuan(sum(late.line.amount_fen for late in left))
        text = _(
            "{count} lines of {total} yuan came late. Settle the stay once more to collect them, or waive them here."
        )
        tag("p", text.format(count=len(left), total=total), cls="notice")
        tables.show(sheet(desk, left), label=_("Late charges"), nothing="")
        for late in left:
            if may_run and late.line.amount_fen > 0:
                _waive(late)


def _row(desk: CashDesk, late: Late) -> Row:
    now, line = desk.core.clock.now(), late.line
    cells = {
        "no": Cell(late.admission_no, href=address(f"/cashier/{line.encounter}")),
        "name": Cell(late.name),
        "item": Cell(item_of(late)),
        "amount": Cell(yuan(line.amount_fen)),
        "at": Cell(time_text(line.at, now)),
        "booked": Cell(time_text(line.booked_at, now)),
        "state": Cell(_(STATES[late.state]).format(no=late.receipt_no or "", reason=late.reason or "")),
    }
    return Row(line.entry, cells)


def item_of(late: Late) -> str:
    """What was charged, in the language of this context."""
    return str(late.line.name_zh if language() == "zh_CN" else late.line.name_en)


def _waive(late: Late) -> None:
    with tag("details", cls="ask"):
        words = _("Waive {item}, {amount} yuan").format(item=item_of(late), amount=yuan(late.line.amount_fen))
        tag("summary", words)
        with tag("form", method="post", action=address(f"/cashier/{late.line.encounter}/waive")):
            tag("input", type="hidden", name="entry", value=late.line.entry)
            with tag("label"):
                tag("span", _("Why? It stays in the record under your name."))
                tag("input", name="reason", maxlength="200", required=True)
            with tag("div", cls="actions"):
                tag("button", words, type="submit", cls="button")
