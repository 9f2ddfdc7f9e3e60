"""What did not fit about giving drugs: what waits for a person, and how long it has waited."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import BigInteger, ColumnElement, Connection, Table, func, literal, select

from server.exceptions.models import ExceptionRow
from server.exceptions.service import as_view
from server.kpis.counting import Days
from server.kpis.days import begins_micros, micros
from server.medication.counting import Asked
from wardlink.messages.exceptions import ExceptionKind, ExceptionView

_EXCEPTION: Table = ExceptionRow.__table__  # type: ignore[attr-defined]

KINDS: frozenset[ExceptionKind] = frozenset(
    {
        "unknown-order",
        "given-twice",
        "given-after-stop",
        "given-superseded",
        "given-cancelled",
        "given-on-hold",
        "given-unchecked",
        "given-too-soon",
        "given-against-allergy",
        "given-without-skin-test",
        "given-against-skin-test",
        "skin-test-untimely",
        "skin-test-one-reader",
        "skin-test-contradicts",
        "given-without-witness",
        "given-unscanned",
        "given-without-right",
        "runs-after-stop",
        "dose-contradicts",
        "queried-at-bed",
        "order-unwritten",
        "order-overdue",
    }
)
"""The exceptions that are about giving drugs."""

Show = Literal["open", "closed"]

MOST = 5_000
"""No list reads more than this."""

_MINUTE_MICROS = 60_000_000


def counted(conn: Connection, asked: Asked) -> dict[str, int]:
    """How many were opened and closed in these days, and the minutes that the closed ones were open. Reads."""
    c = _EXCEPTION.c
    open_minutes = (micros(c.closed_at) - micros(c.opened_at)) // literal(_MINUTE_MICROS, BigInteger)
    about = (c.ward.in_(asked.wards), c.kind.in_(sorted(KINDS)))
    opened = select(func.count()).where(*about, *_within(c.opened_at, asked.days))
    closed = select(func.count(), func.coalesce(func.sum(open_minutes), 0)).where(
        *about, *_within(c.closed_at, asked.days)
    )
    n_closed, minutes = conn.execute(closed).one()
    return {"opened": conn.execute(opened).scalar_one(), "closed": n_closed, "open_minutes": int(minutes)}


def listed(conn: Connection, wards: Collection[str], days: Days, show: Show) -> list[tuple[str, ExceptionView]]:
    """Ward and exception: all open ones, the oldest first, whenever they began; or those closed in these days."""
    c = _EXCEPTION.c
    query = select(_EXCEPTION).where(c.ward.in_(wards), c.kind.in_(sorted(KINDS))).limit(MOST)
    if show == "open":
        query = query.where(c.closed_at.is_(None)).order_by(c.opened_at, c.id)
    else:
        query = query.where(*_within(c.closed_at, days)).order_by(c.closed_at.desc(), c.id.desc())
    return [(row.ward, as_view(row)) for row in conn.execute(query)]


def _within(column: ColumnElement[Any], days: Days) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    at = micros(column)
    after = begins_micros(days.until + timedelta(days=1))
    return at >= literal(begins_micros(days.since), BigInteger), at < literal(after, BigInteger)
