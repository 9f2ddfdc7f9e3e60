"""The table of beds out of service."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from server.db import Instant


class BedClosure(SQLModel, table=True):
    """A time in which nobody may lie in a bed. Never deleted: given back, it says when and by whom.

    `until_at` None: until somebody gives it back.
    """

    __tablename__ = "bed_closure"
    __table_args__ = (Index("ix_bed_closure_bed", "ward", "bed", "from_at"),)

    id: str = Field(primary_key=True, max_length=36)
    ward: str = Field(foreign_key="ward.id", max_length=40)
    bed: str = Field(max_length=40)
    from_at: datetime = Field(sa_type=Instant)
    until_at: datetime | None = Field(default=None, sa_type=Instant)
    reason: str = Field(max_length=12)
    words: str = Field(default="", max_length=100)
    closed_at: datetime = Field(sa_type=Instant)
    closed_by: str = Field(max_length=60)
    back_at: datetime | None = Field(default=None, sa_type=Instant)
    back_by: str | None = Field(default=None, max_length=60)
