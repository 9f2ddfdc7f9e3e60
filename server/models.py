"""Tables of the link itself: the change log, refused requests and parked messages."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Text, text
from sqlmodel import Field, SQLModel

from server.db import Instant


class ChangeRow(SQLModel, table=True):
    """One change of one ward. Numbered without gaps; hash-chained; `body` is the text that was hashed.

    This is also where a command is known again: `command` is unique where it is set, except that one
    command may cause several changes, of which the first carries `first` = true.
    """

    __tablename__ = "change"
    __table_args__ = (
        Index(
            "uq_change_command",
            "command",
            unique=True,
            # As a query says it: SQLite uses a partial index only where it sees its condition word for word.
            sqlite_where=text("first = 1"),
            postgresql_where=text("first"),
        ),
        Index(
            "ix_change_stay",
            "encounter",
            "at",
            sqlite_where=text("kind = 'encounter.changed'"),
            postgresql_where=text("kind = 'encounter.changed'"),
        ),
    )

    ward: str = Field(primary_key=True, max_length=40)
    seq: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    kind: str = Field(max_length=40)
    at: datetime = Field(sa_type=Instant)
    command: str | None = Field(default=None, max_length=36)
    first: bool = True
    n: int | None = Field(default=None, sa_type=BigInteger)
    device: str | None = Field(default=None, max_length=40)
    actor: str = Field(max_length=60)
    encounter: str | None = Field(default=None, max_length=36)
    bed: str | None = Field(default=None, max_length=40)
    body: str = Field(sa_column=Column(Text, nullable=False))
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Refusal(SQLModel, table=True):
    """A request that was refused, or a fact that made no change: so that the same answer is given again."""

    __tablename__ = "refusal"

    command: str = Field(primary_key=True, max_length=36)
    outcome: str = Field(max_length=10)
    code: str = Field(max_length=40)
    reason_zh: str = Field(max_length=400)
    reason_en: str = Field(max_length=400)
    at: datetime = Field(sa_type=Instant)
    device: str = Field(max_length=40)


class Parked(SQLModel, table=True):
    """A message that could not be taken in: kept whole, with the reason, for an operator."""

    __tablename__ = "parked"

    id: int | None = Field(default=None, primary_key=True)
    digest: str = Field(unique=True, max_length=64)
    received_at: datetime = Field(sa_type=Instant)
    topic: str = Field(max_length=200)
    device: str | None = Field(default=None, max_length=40)
    command: str | None = Field(default=None, max_length=36)
    code: str = Field(max_length=40)
    reason: str = Field(max_length=400)
    payload: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    times: int = 1
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_by: str | None = Field(default=None, max_length=60)
    closed_reason: str | None = Field(default=None, max_length=500)
