"""What stands in the way of closing a bill: work of the ward that is not finished, and what could not be charged."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Table, func, select

from server.exceptions.models import ExceptionRow
from server.money.charges import bring_up, due
from server.money.prices import PriceList
from server.record.models import RecordRow
from server.settlement import waits
from server.settlement.steps import open_kinds
from server.settlement.waits import Wait

_RECORD: Table = RecordRow.__table__  # type: ignore[attr-defined]
_EXCEPTION: Table = ExceptionRow.__table__  # type: ignore[attr-defined]

_SENTENCES = {"order": waits.ORDERS, "dose": waits.DOSES}


def open_work(conn: Connection, encounter: str) -> list[Wait]:
    """Orders and tasks of a stay that still wait for somebody, and exceptions that nobody has closed."""
    query = (
        select(_RECORD.c.kind, func.count())
        .where(_RECORD.c.encounter == encounter, _RECORD.c.is_open.is_(True), _RECORD.c.kind.in_(open_kinds()))
        .group_by(_RECORD.c.kind)
        .order_by(_RECORD.c.kind.desc())
    )
    found = [
        Wait(f"open-{kind}", _SENTENCES.get(kind, waits.OTHERS), {"count": count})
        for kind, count in conn.execute(query)
    ]
    exceptions = select(func.count()).where(_EXCEPTION.c.encounter == encounter, _EXCEPTION.c.closed_at.is_(None))
    count = int(conn.execute(exceptions).scalar_one())
    return [*found, Wait("open-exception", waits.EXCEPTIONS, {"count": count})] if count else found


def bring_up_bill(conn: Connection, encounter: str, prices: PriceList, now: datetime) -> list[Wait]:
    """Charge whatever is missing; what cannot be charged is in the way. In a transaction that writes."""
    found = due(conn, encounter, prices, now)
    if found.to_book or found.to_take_back:
        bring_up(conn, encounter, prices, now)
    if not found.uncharged:
        return []
    items = sorted({each.line.item for each in found.uncharged})
    return [Wait("uncharged", waits.UNCHARGED, {"count": len(found.uncharged), "items": ", ".join(items[:5])})]
