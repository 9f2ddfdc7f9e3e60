"""When an alert was first answered and when somebody was there, and the table of it that follows the records.

Whoever writes an alert's record calls `follow_alert` in the same transaction. Times come from what people said, not
from when the server heard it: a late report of an earlier answer counts.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, Table, delete, insert, select, update

from server.db import Database
from server.kpis.models import AlertTime
from server.record.models import RecordRow
from wardlink.clinical.alert_rules import is_call
from wardlink.messages.alerts import AlertDeed, AlertView
from wardlink.record.alerts import ALERT

log = structlog.get_logger(__name__)

ALERT_TIME: Table = AlertTime.__table__  # type: ignore[attr-defined]
_RECORD: Table = RecordRow.__table__  # type: ignore[attr-defined]

_AT_ONCE = 1_000

Times = dict[str, Any]
"""A row of the table."""

_ANSWERS: frozenset[AlertDeed] = frozenset(("accepted", "arrived", "resolved"))
_THERE: frozenset[AlertDeed] = frozenset(("arrived",))


def answered_at(view: AlertView) -> datetime | None:
    """When the first person took it, was there or dealt with it. An alert of a call has its times from the call."""
    if is_call(view.code):
        return min((at for at in (view.accepted_at, view.arrived_at) if at is not None), default=None)
    return _first(view, _ANSWERS)


def there_at(view: AlertView) -> datetime | None:
    """When the first person was there."""
    return view.arrived_at if is_call(view.code) else _first(view, _THERE)


def follow_alert(conn: Connection, ward: str, view: AlertView) -> None:
    """An alert was raised, or has changed."""
    here = ALERT_TIME.c.alert == view.id
    row = _row(ward, view)
    if row is None:
        conn.execute(delete(ALERT_TIME).where(here))
    elif conn.execute(update(ALERT_TIME).where(here).values(row)).rowcount == 0:
        conn.execute(insert(ALERT_TIME).values(row))


def kept(conn: Connection) -> dict[str, Times]:
    """The table as it is kept, by alert."""
    return {row.alert: row._asdict() for row in conn.execute(select(ALERT_TIME))}


def from_records(conn: Connection) -> dict[str, Times]:
    """The table made from the records alone. Reads all alerts."""
    records = select(_RECORD.c.ward, _RECORD.c.body).where(_RECORD.c.kind == ALERT.name)
    with conn.execute(records, execution_options={"yield_per": _AT_ONCE}) as read:
        told = (_row(ward, ALERT.view.model_validate_json(body)) for ward, body in read)
        return {row["alert"]: row for row in told if row is not None}


def recount(conn: Connection) -> int:
    """Make the table anew from the records; returns how many alerts it holds."""
    rows = list(from_records(conn).values())
    conn.execute(delete(ALERT_TIME))
    for n in range(0, len(rows), _AT_ONCE):
        conn.execute(insert(ALERT_TIME), rows[n : n + _AT_ONCE])
    return len(rows)


def bring_up_to_date(db: Database) -> None:
    """Make the table where it is empty and there are alerts: once, after the version that brought it."""
    with db.read() as conn:
        if conn.execute(select(ALERT_TIME.c.alert).limit(1)).first() is not None:
            return
        if conn.execute(select(_RECORD.c.id).where(_RECORD.c.kind == ALERT.name).limit(1)).first() is None:
            return
    with db.write() as conn:
        log.info("kpis.alert-times", alerts=recount(conn))


def _row(ward: str, view: AlertView) -> Times | None:
    if is_call(view.code) or view.within is not None:
        return None
    return {
        "alert": view.id,
        "ward": ward,
        "code": view.code,
        "priority": view.priority,
        "raised_at": view.raised_at,
        "answered_at": answered_at(view),
        "there_at": there_at(view),
        "ended_at": view.resolved_at if view.state == "resolved" else None,
    }


def _first(view: AlertView, deeds: Collection[AlertDeed]) -> datetime | None:
    return min((event.at for event in view.events if event.deed in deeds), default=None)
