"""The table of exceptions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from server.db import Instant


class ExceptionRow(SQLModel, table=True):
    """Two stories that do not fit. Open until a person says what was done."""

    __tablename__ = "care_exception"

    id: str = Field(primary_key=True, max_length=36)
    ward: str = Field(foreign_key="ward.id", max_length=40, index=True)
    kind: str = Field(max_length=24)
    opened_at: datetime = Field(sa_type=Instant)
    command: str | None = Field(default=None, max_length=36)
    encounter: str | None = Field(default=None, max_length=36)
    bed: str | None = Field(default=None, max_length=40)
    device: str | None = Field(default=None, max_length=40)
    actor: str | None = Field(default=None, max_length=60)
    measured_at: datetime | None = Field(default=None, sa_type=Instant)
    entered_at: datetime | None = Field(default=None, sa_type=Instant)
    received_at: datetime | None = Field(default=None, sa_type=Instant)
    detail: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_by: str | None = Field(default=None, max_length=60)
    closed_reason: str | None = Field(default=None, max_length=500)
