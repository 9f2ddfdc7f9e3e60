"""Messages that could not be taken in: kept whole, with the reason, until somebody has dealt with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, func, or_, select
from sqlmodel import col

from server.dashboard import PREFIX
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.instants import instant
from server.dashboard.words import NOTHING
from server.models import Parked, Refusal
from wardlink import topics
from wardlink.i18n import domain, language

_ = domain("server").gettext

_PARKED: Table = Parked.__table__  # type: ignore[attr-defined]
_REFUSAL: Table = Refusal.__table__  # type: ignore[attr-defined]

MOST = 5_000


def sheet(conn: Connection, wards: Sequence[str] | None, now: datetime, *, closed: bool) -> Sheet:
    """Those of these wards (None: of all, and of none), newest first; `closed`: that somebody has dealt with."""
    query = (
        select(
            *(_PARKED.c[name] for name in _LISTED), func.length(_PARKED.c.payload).label("size"), _REFUSAL.c.reason_zh
        )
        .outerjoin(_REFUSAL, _REFUSAL.c.command == _PARKED.c.command)
        .where(col(Parked.closed_at).is_not(None) if closed else col(Parked.closed_at).is_(None))
        .order_by(_PARKED.c.id.desc())
        .limit(MOST)
    )
    if wards is not None:
        query = query.where(or_(False, *(_PARKED.c.topic.startswith(f"{topics.ROOT}/{ward}/") for ward in wards)))
    return Sheet(columns(closed=closed), tuple(_row(row, now) for row in conn.execute(query)))


_LISTED = (
    "id",
    "received_at",
    "topic",
    "device",
    "command",
    "code",
    "reason",
    "times",
    "closed_at",
    "closed_by",
    "closed_reason",
)


def columns(*, closed: bool) -> tuple[Column, ...]:
    """The columns, in the language of this context."""
    ended = (Column("closed", _("Closed")), Column("done", _("What was done"), "wide")) if closed else ()
    return (
        *ended,
        Column("received", _("Received")),
        Column("device", _("Device")),
        Column("reason", _("Why"), "wide"),
        Column("code", _("Code")),
        Column("topic", _("Topic"), "mono"),
        Column("size", _("Bytes"), "number"),
        Column("times", _("Times"), "number"),
    )


def _row(row: Any, now: datetime) -> Row:
    reason = row.reason_zh if language() == "zh_CN" and row.reason_zh else row.reason
    return Row(
        str(row.id),
        {
            "received": instant(row.received_at, now),
            "device": Cell(row.device or NOTHING),
            "reason": Cell(reason, href=f"{PREFIX}/parked/{row.id}"),
            "code": Cell(row.code),
            "topic": Cell(row.topic),
            "size": Cell(str(row.size)),
            "times": Cell(str(row.times)),
            "closed": instant(row.closed_at, now),
            "done": Cell(row.closed_reason or NOTHING),
        },
    )
