"""Finds a stay for a cashier: by its number, a name or a bed; with what is held and what is not settled."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Literal

from fastapi import Request
from sqlalchemy import Connection

from server.dashboard import tables
from server.dashboard.cashier import places
from server.dashboard.cashier.desk import CashDesk
from server.dashboard.frame import framed
from server.dashboard.guard import address
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.money.deposits import held, unsettled
from server.patients.models import Encounter
from server.patients.search import Search, found
from server.patients.service import as_view, views
from wardlink.errors import NoRight
from wardlink.i18n import N_, domain
from wardlink.messages.encounters import EncounterStatus, EncounterView
from wardlink.money import yuan

_ = domain("server").gettext

MOST = 2_000

STATUSES = {"in-progress": N_("in the ward"), "finished": N_("discharged")}


async def page(desk: CashDesk, visit: Visit, request: Request) -> None:
    """The list."""
    asked = request.query_params
    typed, number = asked.get("q", "").strip()[:100], tables.page_of(asked.get("page"))
    open_only = asked.get("show") == "open"
    here = address("/cashier")
    begin = (number - 1) * tables.PER_PAGE

    def read() -> tuple[Sheet, int]:
        visit.audit("search" if typed else "list", "stays, cashier")
        if not visit.may("settle.read"):
            raise NoRight
        with desk.core.db.read() as conn:
            stays = stays_of(conn, visit, typed)
            settling = {saga.encounter for saga in desk.settlements.open_ones()}
            if open_only:
                stays = [stay for stay in stays if stay.id in settling]
            return sheet(conn, stays[begin : begin + tables.PER_PAGE], settling), len(stays)

    shown, total = await asyncio.to_thread(read)
    kept = {name: value for name, value in (("q", typed), ("show", asked.get("show", ""))) if value}
    with framed(visit, _("Cashier"), here="cashier"):
        with tag("div", cls="page-head"):
            tag("h1", _("Cashier"))
            tag("p", _("Find a stay by its admission number, the patient's name or the bed."))
            with tag("span", cls="tools"):
                options = [(_("All stays"), here, not open_only), (_("Being settled"), f"{here}?show=open", open_only)]
                tables.choices(_("Show"), options)
        places.show(visit, "stays")
        tables.search(here, typed, {name: value for name, value in kept.items() if name != "q"})
        nothing = _("Nothing found. Please check the number or the name.") if typed else _("No stay here.")
        tables.show(shown, label=_("Stays"), nothing=nothing)
        tables.turn_pages(here, kept, number, total=total)


def sheet(conn: Connection, stays: Sequence[EncounterView], settling: set[str]) -> Sheet:
    """These stays with their money."""
    columns = (
        Column("no", _("Admission no."), "mono"),
        Column("name", _("Name")),
        Column("bed", _("Bed")),
        Column("status", _("State")),
        Column("deposit", _("Deposit (yuan)"), "number"),
        Column("charged", _("Not settled (yuan)"), "number"),
        Column("left", _("Left (yuan)"), "number"),
    )
    return Sheet(columns, tuple(_row(conn, stay, stay.id in settling) for stay in stays))


def _row(conn: Connection, stay: EncounterView, is_settling: bool) -> Row:
    deposit_fen, charged_fen = held(conn, stay.id), unsettled(conn, stay.id)
    left_fen = deposit_fen - charged_fen
    state = _("being settled") if is_settling else _(STATUSES[stay.status])
    cells = {
        "no": Cell(stay.admission_no, href=address(f"/cashier/{stay.id}")),
        "name": Cell(stay.name),
        "bed": Cell(f"{stay.ward} {stay.bed}"),
        "status": Cell(state),
        "deposit": Cell(yuan(deposit_fen)),
        "charged": Cell(yuan(charged_fen)),
        "left": Cell(yuan(left_fen), cls="bad" if left_fen < 0 else ""),
    }
    return Row(stay.id, cells)


def stays_of(
    conn: Connection, visit: Visit, typed: str, *, status: EncounterStatus | Literal["any"] = "any"
) -> list[EncounterView]:
    """The stays that a visitor looks for by number, part of a name, or bed; all of theirs where nothing is typed."""
    wards = visit.wards_bound()
    stays = found(conn, Search(wards=wards, status=status, text=typed), limit=MOST)
    if not typed:
        return stays
    in_bed = views(
        Encounter.__table__.c.bed == typed,  # type: ignore[attr-defined]
        Encounter.__table__.c.status == "in-progress",  # type: ignore[attr-defined]
    )
    known = {stay.id for stay in stays}
    more = [as_view(row) for row in conn.execute(in_bed)]
    return stays + [stay for stay in more if stay.id not in known and (wards is None or stay.ward in wards)]
