"""Reads adverse events: who may see which, those of some wards, and one with its steps."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from server.adverse.models import AdverseEvent, AdverseStep
from server.identity.roles import EVERYWHERE, may
from server.identity.staff import Person
from wardlink.errors import NotFound

_EVENT: Table = AdverseEvent.__table__  # type: ignore[attr-defined]
_STEP: Table = AdverseStep.__table__  # type: ignore[attr-defined]

MOST = 5_000
"""No list reads more than this."""


@dataclass(frozen=True)
class Told:
    """One event with what was done about it, in the order of time."""

    row: Row[Any]
    steps: tuple[Row[Any], ...]


def sees(person: Person, row: Row[Any]) -> bool:
    """Whether this member of staff may know of it: whoever reported it, and who sees all of the ward."""
    if not may(person.role, "event.report"):
        return False
    if row.reported_by == str(person.actor):
        return True
    return may(person.role, "event.handle") and (row.ward in person.wards or person.role in EVERYWHERE)


def event_seen(conn: Connection, person: Person, event: str) -> Told:
    """One that this member of staff may see.

    Raises:
        NotFound: there is none, or it is not theirs to know of.
    """
    row = conn.execute(select(_EVENT).where(_EVENT.c.id == event)).first()
    if row is None or not sees(person, row):
        raise NotFound(what="adverse event", name=event[:40])
    steps = conn.execute(select(_STEP).where(_STEP.c.event == event).order_by(_STEP.c.at, _STEP.c.id))
    return Told(row, tuple(steps))


def events_seen(
    conn: Connection,
    person: Person,
    wards: Collection[str],
    *,
    kind: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Row[Any]]:
    """Those of these wards that this member of staff may see, by when they happened, the newest first."""
    query = select(_EVENT).where(_EVENT.c.ward.in_(wards)).limit(MOST)
    if not may(person.role, "event.handle"):
        query = query.where(_EVENT.c.reported_by == str(person.actor))
    if kind is not None:
        query = query.where(_EVENT.c.kind == kind)
    if since is not None:
        query = query.where(_EVENT.c.happened_at >= since)
    if until is not None:
        query = query.where(_EVENT.c.happened_at < until)
    found = conn.execute(query.order_by(_EVENT.c.happened_at.desc(), _EVENT.c.id.desc()))
    return [row for row in found if sees(person, row)]
