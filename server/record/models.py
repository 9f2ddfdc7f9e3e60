"""The table of the ward record."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from server.db import Instant


class RecordRow(SQLModel, table=True):
    """One thing of the ward record as it is now; how it came about stands in the change log.

    `body` is its view as JSON (`wardlink.record.kinds`); the other columns are what lists look for. `is_open`:
    somebody still waits for it. `ward` is where its change was told last.
    """

    __tablename__ = "record"
    __table_args__ = (
        Index("ix_record_encounter", "encounter", "kind", "at"),
        Index("ix_record_ward", "ward", "kind", "at"),
        Index("ix_record_open", "ward", "kind", "is_open", "at"),
    )

    kind: str = Field(primary_key=True, max_length=20)
    id: str = Field(primary_key=True, max_length=36)
    ward: str = Field(max_length=40)
    encounter: str | None = Field(default=None, max_length=36)
    bed: str | None = Field(default=None, max_length=40)
    at: datetime = Field(sa_type=Instant)
    state: str = Field(max_length=20)
    is_open: bool
    body: str = Field(sa_column=Column(Text, nullable=False))
