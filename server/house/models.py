"""The table of what the hospital writes itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from server.db import Instant


class HouseVersion(SQLModel, table=True):
    """One version of one kind, as it was written. Nothing of it is ever changed but that it was taken back.

    `effective_at`: from when it holds; `digest`: SHA-256 of the text; `ended_at`: taken back before it held.
    """

    __tablename__ = "house_version"

    kind: str = Field(primary_key=True, max_length=20)
    no: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=Instant)
    by: str = Field(max_length=60)
    effective_at: datetime = Field(sa_type=Instant)
    note: str = Field(max_length=200)
    digest: str = Field(max_length=64)
    text: str = Field(sa_column=Column(Text, nullable=False))
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_by: str | None = Field(default=None, max_length=60)
