"""Consultations of wards as a table, the most urgent first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection

from server.consults.taken import is_free
from server.dashboard import PREFIX
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.names import patient_names
from server.record.service import records_of
from wardlink.clinical.consults import AWAITED, form_text, state_text, team_text, urgency_text
from wardlink.clinical.names import masked_name
from wardlink.clock import ward_time
from wardlink.i18n import domain
from wardlink.messages.consults import ConsultView
from wardlink.record.consults import CONSULT

_ = domain("server").gettext

Show = Literal["open", "overdue", "all"]
SHOWN: tuple[Show, ...] = ("open", "overdue", "all")

_HOUR = timedelta(hours=1)
_MOST = 5_000


def of_wards(conn: Connection, wards: Collection[str], now: datetime, show: Show) -> Sheet:
    """The open ones, those that nobody came to in time, or all; by their deadline, those that are over last."""
    columns = (
        Column("ward", _("Ward")),
        Column("bed", _("Bed")),
        Column("name", _("Patient")),
        Column("team", _("Team")),
        Column("state", _("State")),
        Column("due", _("To be there by")),
        Column("slot", _("Time")),
        Column("doctor", _("Specialist")),
        Column("form", _("At the bed or by video")),
        Column("urgency", _("Urgency")),
        Column("asked", _("Asked for at")),
    )
    found: list[tuple[str, ConsultView]] = []
    for ward in wards:
        views = records_of(conn, CONSULT, ward=ward, only_open=show != "all", newest_first=True, limit=_MOST)
        found += [(ward, view) for view in views if show != "overdue" or view.is_overdue(now)]
    found.sort(key=lambda one: (not one[1].is_open, one[1].state not in AWAITED, one[1].deadline_at, one[1].id))
    names = patient_names(conn, (view.encounter for _ward, view in found))
    return Sheet(columns, tuple(_row(conn, ward, view, names, now) for ward, view in found))


def _row(conn: Connection, ward: str, view: ConsultView, names: dict[str, str], now: datetime) -> Row:
    late = view.is_overdue(now)
    cells = {
        "ward": Cell(ward),
        "bed": Cell(view.bed or ""),
        "name": Cell(masked_name(names.get(view.encounter or "", ""))),
        "team": Cell(team_text(view.specialty), href=f"{PREFIX}/consultations/{view.id}"),
        "state": Cell(state_text(view.state)),
        "due": Cell(due_text(view, now), cls="bad" if late else "", when=view.deadline_at),
        "slot": slot_cell(conn, view, now),
        "doctor": Cell(view.consultant_name or view.consultant or ""),
        "form": Cell(form_text(view.form)),
        "urgency": Cell(urgency_text(view.urgency), cls="bad" if view.urgency == "emergency" else ""),
        "asked": Cell(_at_text(view.requested_at), when=view.requested_at),
    }
    return Row(view.id, cells, cls="" if view.is_open else "struck")


def slot_cell(conn: Connection, view: ConsultView, now: datetime) -> Cell:
    """When it takes place; in red where something else was fixed for the same time afterwards."""
    if view.slot_at is None:
        return Cell()
    said = _at_text(view.slot_at)
    if view.state in AWAITED and view.slot_at >= now and not is_free(conn, view, view.slot_at, now, view.consultant):
        return Cell(_("{time}: something else is then").format(time=said), cls="bad", when=view.slot_at)
    return Cell(said if view.state not in ("requested", "accepted") else _("{time} (wished)").format(time=said))


def due_text(view: ConsultView, now: datetime) -> str:
    """The clock of the deadline: how long is left, or by how much it is over; nothing once somebody came."""
    if view.state not in AWAITED:
        return ""
    left = view.deadline_at - now
    if view.is_overdue(now):
        return _("overdue by {span}").format(span=_span_text(-left))
    return _("{span} left").format(span=_span_text(left))


def _at_text(at: datetime) -> str:
    return f"{ward_time(at):%m-%d %H:%M}"


def _span_text(span: timedelta) -> str:
    minutes = int(span / timedelta(minutes=1))
    if span >= _HOUR:
        return _("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)
    return _("{n} min").format(n=minutes)
