"""What patients have asked for, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from server.dashboard import PREFIX
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.instants import instant
from server.dashboard.sheets.names import patient_names
from server.dashboard.words import NOTHING
from server.requests.reading import requests_of
from wardlink.clinical.names import masked_name
from wardlink.clinical.requests.catalogue import Category
from wardlink.clinical.requests.states import OPEN, RequestState, state_text
from wardlink.i18n import domain
from wardlink.messages.request_words import what_text
from wardlink.messages.requests import RequestView

_ = domain("server").gettext


def sheet(
    conn: Connection, wards: Collection[str], now: datetime, *, category: Category | None, state: RequestState | None
) -> Sheet:
    """The requests of these wards: those that wait, or those of one state."""
    states = OPEN if state is None else frozenset({state})
    found = [(w, view) for w in wards for view in requests_of(conn, w, category=category, states=states)]
    if states <= OPEN:
        found.sort(key=lambda wv: (not wv[1].urgent, wv[1].requested_at))
    else:
        found.sort(key=lambda wv: wv[1].requested_at, reverse=True)
    names = patient_names(conn, (view.encounter for _ward, view in found))
    return Sheet(columns(), tuple(_row(ward, view, names, now) for ward, view in found))


def columns() -> tuple[Column, ...]:
    """The columns, in the language of this context."""
    return (
        Column("what", _("What"), "wide"),
        Column("urgent", _("Urgent")),
        Column("state", _("State")),
        Column("age", _("How long")),
        Column("asked", _("Asked for")),
        Column("ward", _("Ward")),
        Column("bed", _("Bed")),
        Column("patient", _("Patient")),
        Column("owner", _("Who sees to it")),
        Column("text", _("Answer or reason"), "wide"),
    )


def age_text(lasted: timedelta) -> str:
    """How long somebody waits, or waited."""
    minutes = max(0, int(lasted.total_seconds() // 60))
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    if minutes < 48 * 60:
        return _("{h} h {n} min").format(h=minutes // 60, n=minutes % 60)
    return _("{n} days").format(n=minutes // (24 * 60))


def _row(ward: str, view: RequestView, names: Mapping[str, str], now: datetime) -> Row:
    stay = view.encounter
    until = now if view.state in OPEN else view.changed_at
    cells = {
        "what": Cell(what_text(view), href=f"{PREFIX}/requests/{view.id}"),
        "urgent": Cell(_("urgent") if view.urgent else "", "bad" if view.urgent and view.state in OPEN else ""),
        "state": Cell(state_text(view.state)),
        "age": Cell(age_text(until - view.requested_at)),
        "asked": instant(view.requested_at, now),
        "ward": Cell(ward),
        "bed": Cell(view.bed or NOTHING),
        "patient": Cell(masked_name(names[stay]), href=f"{PREFIX}/stay/{stay}")
        if stay and stay in names
        else Cell(NOTHING),
        "owner": Cell(view.owner_name or NOTHING),
        "text": Cell(view.text or NOTHING),
    }
    return Row(view.id, cells)
