"""The tables of complaints: what was said, and each step since."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Text
from sqlmodel import Field, SQLModel

from server.db import Instant


class Complaint(SQLModel, table=True):
    """One complaint, suggestion or word of thanks; `id` is that of the command that brought it.

    `submitted_at`: by the bed's clock, but never later than it came in. `begun_at`: when the patient last asked, from
    which the clock of the answer runs. `about`: ids of staff, none of whom may handle it. `office_only`: the ward does
    not see it. `handler`: whose it is now.
    """

    __tablename__ = "complaint"

    id: str = Field(primary_key=True, max_length=36)
    ward: str = Field(foreign_key="ward.id", max_length=40, index=True)
    bed: str | None = Field(default=None, max_length=40)
    encounter: str = Field(max_length=36, index=True)
    kind: str = Field(max_length=12)
    topic: str = Field(max_length=40)
    sentences: list[str] = Field(sa_column=Column(JSON, nullable=False))
    words: str = Field(sa_column=Column(Text, nullable=False))
    talk: bool
    office_only: bool
    about: list[str] = Field(sa_column=Column(JSON, nullable=False))
    several_departments: bool
    state: str = Field(max_length=12)
    handler: str | None = Field(default=None, max_length=40)
    submitted_at: datetime = Field(sa_type=Instant)
    received_at: datetime = Field(sa_type=Instant)
    begun_at: datetime = Field(sa_type=Instant)
    acknowledged_at: datetime | None = Field(default=None, sa_type=Instant)
    replied_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)


class ComplaintStep(SQLModel, table=True):
    """One thing that was done about it; `id` is that of the command, or of the form that was sent.

    `words`: the answer. `handler`: to whom it was given.
    """

    __tablename__ = "complaint_step"

    id: str = Field(primary_key=True, max_length=36)
    complaint: str = Field(foreign_key="complaint.id", max_length=36, index=True)
    act: str = Field(max_length=12)
    at: datetime = Field(sa_type=Instant)
    actor: str = Field(max_length=60)
    words: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    handler: str | None = Field(default=None, max_length=40)
    detail: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
