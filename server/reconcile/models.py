"""Tables of reconciliation. A difference is never deleted: it settles by itself, or a person closes it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from server.db import Instant


def _fen() -> Column[int]:
    return Column(BigInteger, nullable=False)


class ReconcileRun(SQLModel, table=True):
    """The bill of one day of one channel, as it was last compared.

    `status`: `done`, or the short code of why it could not be. Sums in fen; `settlement_fen`: income less what was
    given back and the channel's fees. `signed_by`: who in finance has signed the day.
    """

    __tablename__ = "reconcile_run"

    channel: str = Field(primary_key=True, max_length=20)
    on: date = Field(primary_key=True)
    status: str = Field(max_length=24)
    tried_at: datetime = Field(sa_type=Instant)
    tries: int = 1
    lines: int = 0
    matched: int = 0
    income_fen: int = Field(default=0, sa_column=_fen())
    refund_fen: int = Field(default=0, sa_column=_fen())
    fee_fen: int = Field(default=0, sa_column=_fen())
    settlement_fen: int = Field(default=0, sa_column=_fen())
    our_income_fen: int = Field(default=0, sa_column=_fen())
    our_refund_fen: int = Field(default=0, sa_column=_fen())
    signed_by: str | None = Field(default=None, max_length=60)
    signed_at: datetime | None = Field(default=None, sa_type=Instant)


class ReconcileDifference(SQLModel, table=True):
    """One line that does not fit. `state`: `waiting` for the next day's bill, `open`, `settled` by itself, `closed`.

    `number`: the order's or the refund's. `outcome`: how it settled, or what the person said was done. `channel_says`:
    how the channel answered when it was asked about it. `resolution`: what the person has chosen, of `resolving`.
    """

    __tablename__ = "reconcile_difference"
    __table_args__ = (
        UniqueConstraint("channel", "subject", "number", "kind", "on", name="uq_reconcile_difference_what"),
        Index("ix_reconcile_difference_state", "state", "opened_at"),
        Index("ix_reconcile_difference_day", "channel", "on"),
    )

    id: str = Field(primary_key=True, max_length=36)
    channel: str = Field(max_length=20)
    on: date
    kind: str = Field(max_length=16)
    subject: str = Field(max_length=10)
    number: str = Field(max_length=64)
    channel_trade_no: str | None = Field(default=None, max_length=64)
    pay_order: str | None = Field(default=None, max_length=36)
    our_fen: int | None = Field(default=None, sa_type=BigInteger)
    channel_fen: int | None = Field(default=None, sa_type=BigInteger)
    our_state: str | None = Field(default=None, max_length=24)
    channel_state: str | None = Field(default=None, max_length=24)
    twice: bool = False
    channel_says: str | None = Field(default=None, max_length=24)
    state: str = Field(max_length=10)
    opened_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_by: str | None = Field(default=None, max_length=60)
    outcome: str | None = Field(default=None, max_length=500)
    resolution: str | None = Field(default=None, max_length=16)
