"""Tables of settlements: how far each is, which lines it settles, and how the rest of the deposits goes back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, Index, text
from sqlmodel import Field, SQLModel

from server.db import Instant

_OPEN = text("status = 'open'")


class Settlement(SQLModel, table=True):
    """One settlement of a stay. `step` is the one that comes next (`steps.toml`).

    `cover`: how the stay is insured, None for a patient who pays alone. `division`: who pays what, as it was worked out
    and, after the step `settle`, as it was settled. `wait`: why it does not go on, a code and its values. `version`
    counts the steps. Of a stay one is open at most; charges that come later are settled by another one.
    """

    __tablename__ = "settlement"
    __table_args__ = (
        Index("uq_settlement_open", "encounter", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_settlement_status", "status", "begun_at"),
    )

    id: str = Field(primary_key=True, max_length=36)
    encounter: str = Field(foreign_key="encounter.id", max_length=36, index=True)
    status: str = Field(max_length=10)
    step: str = Field(max_length=12)
    begun_at: datetime = Field(sa_type=Instant)
    begun_by: str = Field(max_length=60)
    cover: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    lines: int | None = None
    total_fen: int | None = Field(default=None, sa_type=BigInteger)
    audited_at: datetime | None = Field(default=None, sa_type=Instant)
    audited_by: str | None = Field(default=None, max_length=60)
    division: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    decided_by: str | None = Field(default=None, max_length=60)
    decided_reason: str | None = Field(default=None, max_length=200)
    confirmed_fen: int | None = Field(default=None, sa_type=BigInteger)
    confirmed_at: datetime | None = Field(default=None, sa_type=Instant)
    confirmed_by: str | None = Field(default=None, max_length=60)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    deposits_fen: int | None = Field(default=None, sa_type=BigInteger)
    receipt_no: str | None = Field(default=None, unique=True, max_length=20)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_by: str | None = Field(default=None, max_length=60)
    ended_reason: str | None = Field(default=None, max_length=200)
    wait: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    version: int = 1


class SettlementLine(SQLModel, table=True):
    """A line of charges belongs to the settlement that settles it, and to no other."""

    __tablename__ = "settlement_line"

    entry: str = Field(primary_key=True, foreign_key="money_entry.id", max_length=36)
    settlement: str = Field(foreign_key="settlement.id", max_length=36, index=True)


class SettlementPayout(SQLModel, table=True):
    """Part of the rest of the deposits on its way back to whoever paid it.

    `channel`: how the deposit came; `pay_order` and `refund` where a payment channel gives it back. `status`: due,
    done, refused (the channel will not; a person hands it out), kept (needed for what was charged meanwhile). `way`:
    how it went back.
    """

    __tablename__ = "settlement_payout"
    __table_args__ = (CheckConstraint("amount_fen > 0", name="amount"),)

    settlement: str = Field(primary_key=True, foreign_key="settlement.id", max_length=36)
    no: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    channel: str = Field(max_length=20)
    pay_order: str | None = Field(default=None, foreign_key="pay_order.id", max_length=36)
    refund: str | None = Field(default=None, foreign_key="pay_refund.id", max_length=36)
    amount_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    status: str = Field(max_length=10)
    way: str | None = Field(default=None, max_length=20)
    done_at: datetime | None = Field(default=None, sa_type=Instant)
    done_by: str | None = Field(default=None, max_length=60)
