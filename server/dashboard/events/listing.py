"""Adverse events as a table, the newest first, and as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from fastapi import Request
from sqlalchemy import Row as Found

from server.adverse.service import events_seen
from server.dashboard import PREFIX
from server.dashboard.fields import day_typed
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.instants import instant
from server.dashboard.sheets.names import patient_names, staff_names
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING, actor_text
from wardlink.clinical.adverse_events import ASKED, answer_text, event_kinds, kind_text
from wardlink.clinical.names import masked_name
from wardlink.clock import WARD_ZONE
from wardlink.errors import NoRight
from wardlink.i18n import domain

_ = domain("server").gettext


@dataclass(frozen=True)
class EventsAsked:
    """What an address asks for; days that are none are passed over."""

    ward: str | None
    kind: str | None
    since: date | None
    until: date | None
    typed: str

    def kept(self) -> dict[str, str]:
        """The same as a query."""
        said = {"ward": self.ward, "kind": self.kind, "q": self.typed or None}
        days = {"since": self.since, "until": self.until}
        return {name: str(value) for name, value in (said | days).items() if value is not None}


def events_asked(query: Mapping[str, str]) -> EventsAsked:
    """What this query asks for."""
    kind = query.get("kind")
    return EventsAsked(
        query.get("ward") or None,
        kind if kind in event_kinds() else None,
        day_typed(query.get("since")),
        day_typed(query.get("until")),
        query.get("q", "").strip()[:100],
    )


def sheet(visitor: Visit, asked: EventsAsked) -> Sheet:
    """The table of what this visitor may see. Reads the database.

    Raises:
        NoRight: the visitor does not work in the ward that is asked for.
    """
    if asked.ward is not None and not visitor.sees(asked.ward):
        raise NoRight
    wards = dict(visitor.wards())
    chosen = [asked.ward] if asked.ward is not None else list(wards)
    since = None if asked.since is None else _begin(asked.since)
    until = None if asked.until is None else _begin(asked.until + timedelta(days=1))
    with visitor.core.db.read() as conn:
        found = events_seen(conn, visitor.person, chosen, kind=asked.kind, since=since, until=until)
        names, staff = patient_names(conn, (row.encounter for row in found)), staff_names(conn)
    return _sheet(found, wards, names, staff, visitor.core.clock.now()).having(asked.typed)


def file(visitor: Visit, request: Request) -> Sheet:
    """The same for a file."""
    return sheet(visitor, events_asked(request.query_params))


def answers_text(row: Found[Any]) -> str:
    """What was said about an event beyond its kind, in words."""
    said = [answer_text(asked, code) for asked in ASKED if (code := getattr(row, asked)) is not None]
    return " · ".join(said) or NOTHING


def _sheet(
    found: Sequence[Found[Any]],
    wards: Mapping[str, str],
    names: Mapping[str, str],
    staff: Mapping[str, str],
    now: datetime,
) -> Sheet:
    columns = (
        Column("at", _("Happened")),
        Column("kind", _("What happened")),
        Column("more", _("Harm, stage, tube")),
        Column("ward", _("Ward")),
        Column("bed", _("Bed")),
        Column("patient", _("Patient")),
        Column("place", _("Where")),
        Column("words", _("Words"), "wide"),
        Column("by", _("Reported by")),
        Column("state", _("State")),
    )
    rows = []
    for row in found:
        cells = {
            "at": instant(row.happened_at, now),
            "kind": Cell(kind_text(row.kind), href=f"{PREFIX}/events/{row.id}"),
            "more": Cell(answers_text(row)),
            "ward": Cell(wards.get(row.ward, row.ward)),
            "bed": Cell(row.bed or NOTHING),
            "patient": Cell(patient_text(row, names)),
            "place": Cell(row.place),
            "words": Cell(row.words),
            "by": Cell(actor_text(row.reported_by, staff)),
            "state": Cell(_("struck out"), "why") if row.struck_at is not None else Cell(_("counts")),
        }
        rows.append(Row(row.id, cells, "struck" if row.struck_at is not None else ""))
    return Sheet(columns, tuple(rows))


def patient_text(row: Found[Any], names: Mapping[str, str]) -> str:
    """Whose it is, as far as a list may say."""
    if row.encounter is None:
        return _("no patient")
    return masked_name(names[row.encounter]) if row.encounter in names else NOTHING


def _begin(on: date) -> datetime:
    return datetime.combine(on, time(), WARD_ZONE)
