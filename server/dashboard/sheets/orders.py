"""Orders of a ward or of a stay, with who must do something about them next."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection

from server.dashboard import PREFIX
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.instants import instant
from server.dashboard.sheets.names import patient_names
from server.dashboard.words import NOTHING
from server.orders import service
from server.record.service import records_of
from wardlink.clinical.names import masked_name
from wardlink.clinical.order_states import DRUG_CATEGORIES
from wardlink.i18n import domain
from wardlink.messages.doses import DoseView
from wardlink.messages.order_words import alert_text, dose_text, entry_text, how_text, kind_text, state_text, what_text
from wardlink.messages.orders import OrderView
from wardlink.record.orders import ORDER

_ = domain("server").gettext

MOST = 5_000
"""No table of orders reads more than this."""


def waits_for(order: OrderView) -> str:
    """The right of those who must do something about it next; empty if nobody must."""
    if order.state == "issued":
        return "order.review" if order.category in DRUG_CATEGORIES else "order.check"
    return "order.check" if order.state in ("reviewed", "transcribed") else ""


def of_wards(conn: Connection, wards: Collection[str], now: datetime, *, rights: Collection[str] | None) -> Sheet:
    """The open orders of these wards, the newest first; with `rights` only those that wait for one of them."""
    found = [
        (ward, order)
        for ward in wards
        for order in records_of(conn, ORDER, ward=ward, only_open=True, newest_first=True, limit=MOST)
        if rights is None or waits_for(order) in rights
    ]
    names = patient_names(conn, (order.encounter for _ward, order in found))
    rows = tuple(_row(order, now, ward=ward, name=names.get(order.encounter or "")) for ward, order in found)
    return Sheet(_columns(of_ward=True), rows)


def of_stay(conn: Connection, encounter: str, now: datetime) -> Sheet:
    """All orders of a stay: the open ones first, then the newest."""
    found = records_of(conn, ORDER, encounter=encounter, newest_first=True, limit=MOST)
    found.sort(key=lambda order: not ORDER.is_open(order))
    return Sheet(_columns(of_ward=False), tuple(_row(order, now) for order in found))


def doses_of(conn: Connection, order: OrderView, now: datetime) -> Sheet:
    """The doses of one order, the earliest first, with the entries about each."""
    columns = (
        Column("due", _("Due")),
        Column("state", _("State")),
        Column("events", _("What was entered"), "wide"),
    )
    return Sheet(columns, tuple(_dose(dose, now) for dose in service.doses_of(conn, order)))


def _columns(*, of_ward: bool) -> tuple[Column, ...]:
    whose = (Column("ward", _("Ward")), Column("bed", _("Bed")), Column("patient", _("Patient"))) if of_ward else ()
    return (
        *whose,
        Column("what", _("Order"), "wide"),
        Column("how", _("How")),
        Column("kind", _("Kind")),
        Column("alert", _("Careful")),
        Column("state", _("State")),
        Column("start", _("Begins")),
        Column("stop", _("Ends")),
        Column("doctor", _("Doctor")),
    )


def _row(order: OrderView, now: datetime, *, ward: str = "", name: str | None = None) -> Row:
    cells: Mapping[str, Cell] = {
        "ward": Cell(ward),
        "bed": Cell(order.bed or NOTHING),
        "patient": Cell(masked_name(name), href=f"{PREFIX}/orders/stay/{order.encounter}") if name else Cell(NOTHING),
        "what": Cell(what_text(order), href=f"{PREFIX}/orders/{order.id}"),
        "how": Cell(how_text(order)),
        "kind": Cell(kind_text(order.kind)),
        "alert": Cell(alert_text(order)),
        "state": Cell(state_text(order.state)),
        "start": instant(order.start_at, now),
        "stop": instant(order.stop_at, now),
        "doctor": Cell(order.doctor_name or str(order.doctor)),
    }
    return Row(order.id, cells)


def _dose(dose: DoseView, now: datetime) -> Row:
    told = [f"{entry_text(event.act)} {event.by_name or event.by} ({event.device})" for event in dose.events]
    cells = {
        "due": instant(dose.due_at, now),
        "state": Cell(dose_text(dose.state)),
        "events": Cell("; ".join(told) or NOTHING),
    }
    return Row(dose.id, cells)
