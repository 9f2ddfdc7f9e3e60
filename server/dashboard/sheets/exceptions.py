"""Facts that collided, and what became of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from server.dashboard import PREFIX
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.instants import instant
from server.dashboard.sheets.names import patient_names, staff_names
from server.dashboard.words import NOTHING, actor_text
from server.exceptions.service import exceptions_of
from wardlink.clinical.names import masked_name
from wardlink.i18n import domain
from wardlink.messages.exception_words import detail_lines, kind_text
from wardlink.messages.exceptions import ExceptionView

_ = domain("server").gettext

MOST = 5_000
"""No table of exceptions reads more than this."""


def sheet(conn: Connection, wards: Collection[str], now: datetime, *, closed: bool) -> Sheet:
    """The open exceptions of these wards, oldest first; or the closed ones, newest first."""
    found = [(ward, view) for ward in wards for view in exceptions_of(conn, ward, closed=closed, limit=MOST)]
    if closed:
        found.sort(key=lambda wv: wv[1].closed_at or wv[1].opened_at, reverse=True)
    else:
        found.sort(key=lambda wv: wv[1].opened_at)
    names = patient_names(conn, (view.encounter for _ward, view in found))
    staff = staff_names(conn)
    return Sheet(columns(closed=closed), tuple(_row(ward, view, names, staff, now) for ward, view in found))


def of_stay(conn: Connection, views: Sequence[tuple[str, ExceptionView]], now: datetime) -> Sheet:
    """These exceptions of one stay, open and closed."""
    staff = staff_names(conn)
    rows = tuple(_row(ward, view, {}, staff, now) for ward, view in views)
    return Sheet(tuple(c for c in columns(closed=True) if c.name not in ("ward", "patient")), rows)


def columns(*, closed: bool) -> tuple[Column, ...]:
    """The columns, in the language of this context."""
    common = (
        Column("opened", _("Opened")),
        Column("kind", _("What does not fit"), "wide"),
        Column("ward", _("Ward")),
        Column("bed", _("Bed")),
        Column("patient", _("Patient")),
        Column("device", _("Device")),
        Column("actor", _("Who")),
        Column("measured", _("Measured")),
        Column("received", _("Received")),
        Column("detail", _("Detail"), "wide"),
    )
    if not closed:
        return common
    return (
        *common,
        Column("closed", _("Closed")),
        Column("closed_by", _("Closed by")),
        Column("reason", _("What was done"), "wide"),
    )


def detail_text(view: ExceptionView) -> str:
    """What is known beside the kind, in words."""
    return "; ".join(detail_lines(view)) or NOTHING


def _row(ward: str, view: ExceptionView, names: Mapping[str, str], staff: Mapping[str, str], now: datetime) -> Row:
    stay = view.encounter
    known = stay is not None and stay in names
    cells = {
        "opened": instant(view.opened_at, now),
        "kind": Cell(kind_text(view.kind), href=f"{PREFIX}/exceptions/{view.id}"),
        "ward": Cell(ward),
        "bed": Cell(view.bed or NOTHING),
        "patient": Cell(masked_name(names[stay]), href=f"{PREFIX}/stay/{stay}") if stay and known else Cell(NOTHING),
        "device": Cell(view.device or NOTHING),
        "actor": Cell(actor_text(str(view.actor) if view.actor else None, staff)),
        "measured": instant(view.measured_at, now),
        "received": instant(view.received_at, now),
        "detail": Cell(detail_text(view)),
        "closed": instant(view.closed_at, now),
        "closed_by": Cell(actor_text(str(view.closed_by) if view.closed_by else None, staff)),
        "reason": Cell(view.closed_reason or NOTHING),
    }
    return Row(view.id, cells)
