"""The calls of one stay, with who came and after how long."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import col

from server.calls.models import CallRow
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.instants import instant
from server.dashboard.words import CALL_STATES, NOTHING, PRESSERS, actor_text, reason_text, word
from wardlink.i18n import domain

_ = domain("server").gettext

MOST = 200


def of_stay(conn: Connection, encounter: str, staff: Mapping[str, str], now: datetime) -> Sheet:
    """The newest calls first, open ones included."""
    query = select(CallRow.__table__).where(col(CallRow.encounter) == encounter)  # type: ignore[attr-defined]
    rows = conn.execute(query.order_by(col(CallRow.raised_at).desc()).limit(MOST))
    return Sheet(columns(), tuple(_row(row, staff, now) for row in rows))


def columns() -> tuple[Column, ...]:
    """The columns, in the language of this context."""
    return (
        Column("raised", _("Called")),
        Column("by", _("Pressed by")),
        Column("cls", _("Class")),
        Column("reason", _("Reason")),
        Column("count", _("Presses"), "number"),
        Column("state", _("State")),
        Column("taken", _("Taken after")),
        Column("taken_by", _("Taken by")),
        Column("arrived", _("There after")),
        Column("arrived_by", _("Who came")),
        Column("closed", _("Ended")),
        Column("outcome", _("What was done"), "wide"),
    )


def _row(row: Any, staff: Mapping[str, str], now: datetime) -> Row:
    return Row(
        row.id,
        {
            "raised": instant(row.raised_at, now),
            "by": Cell(word(PRESSERS, row.raised_by)),
            "cls": Cell(row.cls),
            "reason": Cell(reason_text(row.reason)),
            "count": Cell(str(row.count)),
            "state": Cell(word(CALL_STATES, row.state)),
            "taken": _after(row.raised_at, row.acknowledged_at),
            "taken_by": Cell(actor_text(row.acknowledged_by, staff)),
            "arrived": _after(row.raised_at, row.arrived_at),
            "arrived_by": Cell(actor_text(row.arrived_by, staff)),
            "closed": instant(row.closed_at, now),
            "outcome": Cell(row.outcome or NOTHING),
        },
    )


def _after(raised_at: datetime, at: datetime | None) -> Cell:
    if at is None:
        return Cell(NOTHING)
    seconds = round((at - raised_at).total_seconds())
    # Two clocks may have written this: a nurse is never there before the call.
    return Cell(_("{n} s").format(n=max(0, seconds)))
