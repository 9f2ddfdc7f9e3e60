"""Who looked at, signed in to or administered what: the access audit as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Table, func, literal, or_, select

from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.instants import instant
from server.dashboard.words import ACTIONS, NOTHING, actor_text, word
from server.family.names import family_names
from server.identity.models import AccessAudit, Staff
from wardlink.clock import WARD_ZONE
from wardlink.i18n import domain

_ = domain("server").gettext

_AUDIT: Table = AccessAudit.__table__  # type: ignore[attr-defined]
_STAFF: Table = Staff.__table__  # type: ignore[attr-defined]

MOST_EXPORTED = 50_000


@dataclass(frozen=True)
class Search:
    """What is looked for: a text in who, what, stay or action, as code or in words, and the days."""

    text: str = ""
    from_on: date | None = None
    to_on: date | None = None


def count(conn: Connection, search: Search) -> int:
    """How many lines fit."""
    return int(conn.execute(select(func.count()).select_from(_AUDIT).where(*_where(search))).scalar_one())


def sheet(
    conn: Connection, search: Search, staff: Mapping[str, str], now: datetime, *, limit: int, offset: int = 0
) -> Sheet:
    """The lines that fit, newest first."""
    query = select(_AUDIT).where(*_where(search)).order_by(_AUDIT.c.no.desc()).limit(limit).offset(offset)
    rows = conn.execute(query).all()
    names = {**staff, **family_names(conn, {row.actor for row in rows})}
    return Sheet(columns(), tuple(_row(row, names, now) for row in rows))


def columns() -> tuple[Column, ...]:
    """The columns, in the language of this context."""
    return (
        Column("no", _("No."), "number"),
        Column("at", _("When")),
        Column("actor", _("Who")),
        Column("device", _("Device")),
        Column("action", _("Action")),
        Column("what", _("What"), "wide"),
        Column("stay", _("Stay"), "mono"),
        Column("detail", _("Detail"), "wide"),
    )


def _where(search: Search) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    text = search.text.strip()
    if text:
        named = select(literal("staff:") + _STAFF.c.id).where(_STAFF.c.name.contains(text, autoescape=True))
        columns = (_AUDIT.c.actor, _AUDIT.c.action, _AUDIT.c.what, _AUDIT.c.device)
        found.append(
            or_(
                *(column.contains(text, autoescape=True) for column in columns),
                _AUDIT.c.encounter == text,
                _AUDIT.c.action.in_([action for action in ACTIONS if text in word(ACTIONS, action)]),
                _AUDIT.c.actor.in_(named),
            )
        )
    if search.from_on is not None:
        found.append(_AUDIT.c.at >= _midnight(search.from_on))
    if search.to_on is not None:
        found.append(_AUDIT.c.at < _midnight(search.to_on + timedelta(days=1)))
    return found


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), WARD_ZONE)


def _row(row: Any, names: Mapping[str, str], now: datetime) -> Row:
    return Row(
        str(row.no),
        {
            "no": Cell(str(row.no)),
            "at": instant(row.at, now),
            "actor": Cell(actor_text(row.actor, names)),
            "device": Cell(row.device or NOTHING),
            "action": Cell(word(ACTIONS, row.action)),
            "what": Cell(row.what or NOTHING),
            "stay": Cell(row.encounter or NOTHING),
            "detail": Cell(orjson.dumps(row.detail).decode() if row.detail else NOTHING),
        },
    )
