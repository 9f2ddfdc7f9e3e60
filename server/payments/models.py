"""Tables of payments: what was asked of a channel, what was given back, and what the channel said by itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Index
from sqlmodel import Field, SQLModel

from server.db import Instant


class PayOrder(SQLModel, table=True):
    """One payment that somebody shall make, for one stay. Its states are those of `states.toml`.

    `key`: what the client made it under. `late`: paid after it was closed; then it is given back. `fault`: the short
    code of what a person must look at. `next_look_at`: when the channel is asked again; a restart does not lose it.
    `version` counts every write.
    """

    __tablename__ = "pay_order"
    __table_args__ = (
        Index("uq_pay_order_channel_out_trade_no", "channel", "out_trade_no", unique=True),
        Index("uq_pay_order_channel_channel_trade_no", "channel", "channel_trade_no", unique=True),
        Index("ix_pay_order_encounter", "encounter", "created_at"),
        Index("ix_pay_order_next_look_at", "next_look_at"),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("refunded_fen >= 0 AND refunded_fen <= coalesce(paid_fen, 0)", name="refunded"),
    )

    id: str = Field(primary_key=True, max_length=36)
    key: str = Field(unique=True, max_length=36)
    encounter: str = Field(foreign_key="encounter.id", max_length=36)
    purpose: str = Field(max_length=10)
    amount_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    channel: str = Field(max_length=20)
    out_trade_no: str = Field(max_length=32)
    status: str = Field(max_length=16)
    qr: str | None = Field(default=None, max_length=500)
    expires_at: datetime = Field(sa_type=Instant)
    channel_trade_no: str | None = Field(default=None, max_length=64)
    paid_fen: int | None = Field(default=None, sa_type=BigInteger)
    paid_at: datetime | None = Field(default=None, sa_type=Instant)
    refunded_fen: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    late: bool = False
    fault: str | None = Field(default=None, max_length=64)
    created_at: datetime = Field(sa_type=Instant)
    created_by: str = Field(max_length=60)
    device: str | None = Field(default=None, max_length=40)
    looks: int = 0
    next_look_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1


class PayRefund(SQLModel, table=True):
    """Money of one order to be given back: asked for by one person, agreed to by another."""

    __tablename__ = "pay_refund"
    __table_args__ = (
        Index("ix_pay_refund_next_look_at", "next_look_at"),
        Index("ix_pay_refund_status", "status"),
        CheckConstraint("amount_fen > 0", name="amount"),
    )

    id: str = Field(primary_key=True, max_length=36)
    key: str = Field(unique=True, max_length=60)
    pay_order: str = Field(foreign_key="pay_order.id", max_length=36, index=True)
    out_refund_no: str = Field(unique=True, max_length=32)
    amount_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    status: str = Field(max_length=16)
    reason: str = Field(max_length=80)
    asked_by: str = Field(max_length=60)
    asked_at: datetime = Field(sa_type=Instant)
    agreed_by: str | None = Field(default=None, max_length=60)
    agreed_at: datetime | None = Field(default=None, sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    done_at: datetime | None = Field(default=None, sa_type=Instant)
    channel_refund_no: str | None = Field(default=None, max_length=64)
    fault: str | None = Field(default=None, max_length=64)
    looks: int = 0
    next_look_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1


class PayNotice(SQLModel, table=True):
    """One notice that a channel has signed, once however often it came.

    Kept are its digest and what we took from it, not its bytes: they may name the payer. `outcome`: `accepted`, or the
    short code of why it was not.
    """

    __tablename__ = "pay_notice"

    channel: str = Field(primary_key=True, max_length=20)
    id: str = Field(primary_key=True, max_length=64)
    received_at: datetime = Field(sa_type=Instant, index=True)
    sent_at: datetime = Field(sa_type=Instant)
    kind: str = Field(max_length=10)
    out_trade_no: str = Field(max_length=64, index=True)
    out_refund_no: str | None = Field(default=None, max_length=64)
    amount_fen: int | None = Field(default=None, sa_type=BigInteger)
    outcome: str = Field(max_length=20)
    digest: str = Field(max_length=64)


class PayHandled(SQLModel, table=True):
    """A person's word about money that fits nothing: once for each `kind` and `ref` of `cases`, so never by two."""

    __tablename__ = "pay_handled"

    kind: str = Field(primary_key=True, max_length=10)
    ref: str = Field(primary_key=True, max_length=90)
    way: str = Field(max_length=16)
    reason: str = Field(max_length=200)
    encounter: str | None = Field(default=None, max_length=36)
    at: datetime = Field(sa_type=Instant, index=True)
    by: str = Field(max_length=60)
