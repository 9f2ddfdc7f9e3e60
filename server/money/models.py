"""The tables of the ledger and of what a stay costs.

Rows are only ever added: the database itself refuses to change or delete one.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from server.db import Instant


class MoneyEntry(SQLModel, table=True):
    """One thing that happened to money; its postings add up to nothing.

    `key` is what it was asked under: the same again is not booked twice. `at`: when it happened, the day it counts for;
    `booked_at`: when it was written down. `source`: the record it follows from, as `kind:id`. `reverses`: the entry
    that it takes back; no entry is taken back twice.
    """

    __tablename__ = "money_entry"
    __table_args__ = (Index("ix_money_entry_encounter", "encounter", "at"),)

    id: str = Field(primary_key=True, max_length=36)
    key: str = Field(unique=True, max_length=160)
    at: datetime = Field(sa_type=Instant, index=True)
    booked_at: datetime = Field(sa_type=Instant)
    kind: str = Field(max_length=20)
    encounter: str | None = Field(default=None, foreign_key="encounter.id", max_length=36)
    actor: str = Field(max_length=60)
    source: str | None = Field(default=None, max_length=120, index=True)
    note: str | None = Field(default=None, max_length=200)
    reverses: str | None = Field(default=None, foreign_key="money_entry.id", unique=True, max_length=36)


class MoneyPosting(SQLModel, table=True):
    """One side of an entry: so many fen to an account, debit above zero, credit below."""

    __tablename__ = "money_posting"
    __table_args__ = (
        Index("ix_money_posting_account", "account", "encounter"),
        Index("ix_money_posting_encounter", "encounter"),
        CheckConstraint("amount_fen <> 0", name="amount"),
    )

    entry: str = Field(primary_key=True, foreign_key="money_entry.id", max_length=36)
    no: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    account: str = Field(max_length=60)
    encounter: str | None = Field(default=None, foreign_key="encounter.id", max_length=36)
    amount_fen: int = Field(sa_column=Column(BigInteger, nullable=False))


class ChargeLine(SQLModel, table=True):
    """One line of what a stay costs, and the entry of the ledger that it stands behind; added, never changed.

    `source_kind` and `source_id` are the record it follows from, `turn` counts what was booked about it and this item:
    charged, taken back, charged again. What takes back has a quantity and an amount below zero. Names and prices are
    those of the day. `by_hand`: a person has written it.
    """

    __tablename__ = "charge_line"
    __table_args__ = (
        UniqueConstraint("source_kind", "source_id", "item", "turn"),
        Index("ix_charge_line_encounter", "encounter", "charged_on"),
        Index("ix_charge_line_booked", "department", "booked_at"),
    )

    entry: str = Field(primary_key=True, foreign_key="money_entry.id", max_length=36)
    encounter: str = Field(foreign_key="encounter.id", max_length=36)
    charged_on: date
    at: datetime = Field(sa_type=Instant)
    booked_at: datetime = Field(sa_type=Instant)
    source_kind: str = Field(max_length=10)
    source_id: str = Field(max_length=60)
    item: str = Field(max_length=40)
    turn: int
    national: str = Field(max_length=40)
    name_zh: str = Field(max_length=60)
    name_en: str = Field(max_length=60)
    spec: str = Field(max_length=40)
    unit: str = Field(max_length=10)
    quantity_e4: int = Field(sa_column=Column(BigInteger, nullable=False))
    price_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    amount_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    category: str = Field(max_length=20)
    insurance_class: str = Field(max_length=1)
    self_pay_bp: int
    doctor: str | None = Field(default=None, max_length=60)
    department: str = Field(max_length=40)
    by_hand: bool
    actor: str = Field(max_length=60)
    reason: str | None = Field(default=None, max_length=200)


class MoneyAgreement(SQLModel, table=True):
    """What was agreed about the money of a stay: to be treated first and pay later, or a release.

    `ground`: why it may be (`policy.toml`). `credit_fen`: how much more than the deposit may be used.
    """

    __tablename__ = "money_agreement"

    id: str = Field(primary_key=True, max_length=36)
    encounter: str = Field(foreign_key="encounter.id", max_length=36, index=True)
    kind: str = Field(max_length=20)
    ground: str = Field(max_length=20)
    credit_fen: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    reason: str = Field(max_length=200)
    at: datetime = Field(sa_type=Instant)
    actor: str = Field(max_length=60)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_by: str | None = Field(default=None, max_length=60)
