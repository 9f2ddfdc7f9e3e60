"""Runs and differences as they stand in the database, and how they are found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Connection, Row, Select, Table, func, or_, select

from server.reconcile.models import ReconcileDifference, ReconcileRun
from wardlink.errors import NotFound
from wardlink.messages.base import Instant

RUN: Table = ReconcileRun.__table__  # type: ignore[attr-defined]
DIFFERENCE: Table = ReconcileDifference.__table__  # type: ignore[attr-defined]

State = Literal["waiting", "open", "settled", "closed"]


class RunView(BaseModel):
    """The bill of one day as it was last compared; amounts in fen. `status` is `done`, or why it could not be."""

    channel: str
    on: date
    status: str
    tried_at: Instant
    tries: int
    lines: int
    matched: int
    income_fen: int
    refund_fen: int
    fee_fen: int
    settlement_fen: int
    our_income_fen: int
    our_refund_fen: int
    signed_by: str | None
    signed_at: Instant | None


class DifferenceView(BaseModel):
    """One line that does not fit, what each side says, and what was done. `age_days`: since it was found."""

    id: str
    channel: str
    on: date
    kind: str
    subject: str
    number: str
    channel_trade_no: str | None
    pay_order: str | None
    our_fen: int | None
    channel_fen: int | None
    our_state: str | None
    channel_state: str | None
    twice: bool
    channel_says: str | None
    state: State
    opened_at: Instant
    age_days: int
    ended_at: Instant | None
    ended_by: str | None
    outcome: str | None
    resolution: str | None = None


@dataclass(frozen=True)
class Wanted:
    """Which differences are looked for; None and nothing: whatever. `text`: in a number, or in what was done."""

    state: State | None = None
    channel: str | None = None
    on: date | None = None
    kind: str | None = None
    text: str = ""


def run_of(conn: Connection, channel: str, on: date) -> RunView:
    """The run of a day.

    Raises:
        NotFound: it was not compared yet.
    """
    row = conn.execute(select(RUN).where(RUN.c.channel == channel, RUN.c.on == on)).first()
    if row is None:
        raise NotFound(what="bill", name=f"{channel} {on}")
    return RunView(**row._mapping)


def runs(conn: Connection, *, limit: int, offset: int = 0) -> list[RunView]:
    """Runs, the newest day first."""
    query = select(RUN).order_by(RUN.c.on.desc(), RUN.c.channel).limit(limit).offset(offset)
    return [RunView(**row._mapping) for row in conn.execute(query)]


def difference_called(conn: Connection, id: str, now: datetime) -> DifferenceView:
    """One difference.

    Raises:
        NotFound: there is none with this id.
    """
    row = conn.execute(select(DIFFERENCE).where(DIFFERENCE.c.id == id)).first()
    if row is None:
        raise NotFound(what="difference", name=id)
    return _view(row, now)


def differences(
    conn: Connection, now: datetime, wanted: Wanted | None = None, *, limit: int | None = None, offset: int = 0
) -> list[DifferenceView]:
    """Differences, the oldest first."""
    query: Select[Any] = select(DIFFERENCE).where(*_where(wanted or Wanted()))
    query = query.order_by(DIFFERENCE.c.opened_at, DIFFERENCE.c.id).limit(limit).offset(offset)
    return [_view(row, now) for row in conn.execute(query)]


def count_differences(conn: Connection, wanted: Wanted) -> int:
    """How many there are."""
    return int(conn.execute(select(func.count()).select_from(DIFFERENCE).where(*_where(wanted))).scalar_one())


def undecided(conn: Connection) -> dict[tuple[str, date], int]:
    """How many differences of a channel's day wait for the next bill or for a person; days without any are left out."""
    c = DIFFERENCE.c
    query = select(c.channel, c.on, func.count()).where(c.state.in_(("waiting", "open"))).group_by(c.channel, c.on)
    return {(channel, on): int(number) for channel, on, number in conn.execute(query)}


def _where(wanted: Wanted) -> list[ColumnElement[bool]]:
    c = DIFFERENCE.c
    pairs = ((c.state, wanted.state), (c.channel, wanted.channel), (c.on, wanted.on), (c.kind, wanted.kind))
    found: list[ColumnElement[bool]] = [column == value for column, value in pairs if value is not None]
    if text := wanted.text.strip():
        searched = (c.number, c.channel_trade_no, c.outcome)
        found.append(or_(*(column.contains(text, autoescape=True) for column in searched)))
    return found


def _view(row: Row[Any], now: datetime) -> DifferenceView:
    until = row.ended_at or now
    return DifferenceView(**row._mapping, age_days=max(0, (until - row.opened_at).days))
