"""The two tables of the ledger. Rows are only ever added: the database itself refuses to change or delete one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Index
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
