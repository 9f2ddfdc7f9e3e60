"""The table of results."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from server.db import Instant


class Result(SQLModel, table=True):
    """One version of a report, never altered but for what clinicians decide and whether it was opened at the bed.

    No change of a ward's log tells of it: what is not released must not lie on a device.
    """

    __tablename__ = "result"
    __table_args__ = (UniqueConstraint("encounter", "number", "version"),)

    id: str = Field(primary_key=True, max_length=36)
    encounter: str = Field(foreign_key="encounter.id", max_length=36, index=True)
    number: str = Field(max_length=60)
    version: int
    category: str = Field(max_length=10)
    code: str = Field(max_length=20)
    name: str = Field(max_length=120)
    status: str = Field(max_length=14)
    collected_at: datetime | None = Field(default=None, sa_type=Instant)
    issued_at: datetime | None = Field(default=None, sa_type=Instant)
    received_at: datetime = Field(sa_type=Instant)
    received_from: str = Field(max_length=60)
    verified_by: str | None = Field(default=None, max_length=60)
    items: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    conclusion: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    acknowledged_at: datetime | None = Field(default=None, sa_type=Instant)
    acknowledged_by: str | None = Field(default=None, max_length=60)
    released_at: datetime | None = Field(default=None, sa_type=Instant)
    released_by: str | None = Field(default=None, max_length=60)
    kept_back_at: datetime | None = Field(default=None, sa_type=Instant)
    kept_back_by: str | None = Field(default=None, max_length=60)
    opened_at: datetime | None = Field(default=None, sa_type=Instant)
