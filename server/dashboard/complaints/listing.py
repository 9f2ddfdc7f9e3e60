"""Complaints as a table: by the clock, each with what is due next and whose business it has become."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, cast

from sqlalchemy import Connection

from server.complaints.acting import sees
from server.complaints.service import Standing, complaints_of
from server.dashboard import PREFIX
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.instants import instant
from server.dashboard.sheets.names import patient_names, staff_names
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING
from wardlink.clinical.complaints import kind_text, level_text, number_of, topic_text
from wardlink.clinical.names import masked_name
from wardlink.i18n import N_, domain

_ = domain("server").gettext

Show = Literal["open", "waiting", "late", "closed"]

SHOWN: Mapping[Show, str] = {
    "open": N_("Not closed yet"),
    "waiting": N_("Waiting for an answer"),
    "late": N_("Late"),
    "closed": N_("Brought to a close"),
}
STATES: Mapping[str, str] = {
    "submitted": N_("to be received"),
    "acknowledged": N_("received"),
    "assigned": N_("given to somebody"),
    "replied": N_("answered"),
    "reopened": N_("not satisfied"),
    "closed": N_("brought to a close"),
}


def show_asked(asked: str | None) -> Show:
    """Which of them an address asks for; the open ones for anything else."""
    return cast("Show", asked) if asked in SHOWN else "open"


def found(conn: Connection, visitor: Visit, show: Show, now: datetime) -> list[Standing]:
    """Those that this visitor may see, in the order of the table."""
    office = visitor.may("complaint.office")
    known = complaints_of(conn, visitor.wards_bound(), closed=show == "closed", with_office_only=office)
    mine = [one for one in known if sees(visitor.person, one.row)]
    if show == "waiting":
        return [one for one in mine if one.is_waiting]
    if show == "late":
        return [one for one in mine if one.is_overdue(now) or one.is_acknowledged_late(now)]
    return mine


def sheet(conn: Connection, visitor: Visit, show: Show, now: datetime) -> Sheet:
    """The table."""
    standing = found(conn, visitor, show, now)
    names = patient_names(conn, (one.row.encounter for one in standing))
    staff = staff_names(conn)
    return Sheet(columns(), tuple(_row(one, names, staff, now) for one in standing))


def columns() -> tuple[Column, ...]:
    """The columns, in the language of this context."""
    return (
        Column("due", _("What is due")),
        Column("number", _("Number")),
        Column("kind", _("Kind")),
        Column("topic", _("About")),
        Column("state", _("State")),
        Column("level", _("Has come to")),
        Column("ward", _("Ward")),
        Column("bed", _("Bed")),
        Column("patient", _("Patient")),
        Column("talk", _("Talk wanted")),
        Column("handler", _("With")),
        Column("submitted", _("Sent")),
    )


def due_text(one: Standing, now: datetime) -> tuple[str, str]:
    """What is due next, in words, and how it is set."""
    if one.is_acknowledged_late(now) and not one.is_overdue(now):
        return _("nobody has taken it for over an hour; answer in {span}").format(span=_left(one, now)), "warm"
    due_at = one.next_at()
    if due_at is None:
        return NOTHING, ""
    if one.is_overdue(now):
        said = _("answer {span} late") if one.is_waiting else _("closing {span} late")
        return said.format(span=span_text(now - due_at)), "bad"
    said = _("answer in {span}") if one.is_waiting else _("close in {span}")
    return said.format(span=span_text(due_at - now)), ""


def span_text(span: timedelta) -> str:
    """A length of time in its two largest units."""
    minutes = max(0, int(span.total_seconds() // 60))
    days, hours = divmod(minutes // 60, 24)
    if days > 1:
        return _("{d} d {h} h").format(d=days, h=hours)
    return _("{h} h {m} min").format(h=minutes // 60, m=minutes % 60)


def _left(one: Standing, now: datetime) -> str:
    due_at = one.next_at()
    return NOTHING if due_at is None else span_text(due_at - now)


def _row(one: Standing, names: Mapping[str, str], staff: Mapping[str, str], now: datetime) -> Row:
    row, level = one.row, one.level(now)
    due, cls = due_text(one, now)
    cells = {
        "due": Cell(due, cls),
        "number": Cell(number_of(row.id), href=f"{PREFIX}/complaints/{row.id}"),
        "kind": Cell(kind_text(row.kind) + (_(" (office only)") if row.office_only else "")),
        "topic": Cell(topic_text(row.topic)),
        "state": Cell(_(STATES[row.state])),
        "level": Cell(level_text(level), "warm") if level else Cell(NOTHING),
        "ward": Cell(row.ward),
        "bed": Cell(row.bed or NOTHING),
        "patient": Cell(masked_name(names[row.encounter])) if row.encounter in names else Cell(NOTHING),
        "talk": Cell(_("yes") if row.talk else NOTHING),
        "handler": Cell(staff.get(row.handler, row.handler) if row.handler else NOTHING),
        "submitted": instant(row.submitted_at, now),
    }
    return Row(row.id, cells)
