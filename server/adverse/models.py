"""The tables of adverse events: what was reported, and what was done about it since."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from server.db import Instant


class AdverseEvent(SQLModel, table=True):
    """One event as it was reported; `id` is that of the form that was sent.

    `encounter`: whose, None for a visitor. `harm`: the grade as it is known now, what was said first stands in its
    steps. `struck_at`: since when it counts no more.
    """

    __tablename__ = "adverse_event"
    __table_args__ = (Index("ix_adverse_event_ward", "ward", "happened_at"),)

    id: str = Field(primary_key=True, max_length=36)
    ward: str = Field(foreign_key="ward.id", max_length=40)
    encounter: str | None = Field(default=None, foreign_key="encounter.id", max_length=36, index=True)
    bed: str | None = Field(default=None, max_length=40)
    kind: str = Field(max_length=20)
    happened_at: datetime = Field(sa_type=Instant)
    place: str = Field(max_length=60)
    harm: str | None = Field(default=None, max_length=12)
    stage: str | None = Field(default=None, max_length=12)
    began: str | None = Field(default=None, max_length=12)
    tube: str | None = Field(default=None, max_length=12)
    infection: str | None = Field(default=None, max_length=12)
    words: str = Field(sa_column=Column(Text, nullable=False))
    reported_at: datetime = Field(sa_type=Instant)
    reported_by: str = Field(max_length=60)
    struck_at: datetime | None = Field(default=None, sa_type=Instant)


class AdverseStep(SQLModel, table=True):
    """One thing that was done about it. `harm_before`: the grade that it replaced."""

    __tablename__ = "adverse_step"

    id: str = Field(primary_key=True, max_length=36)
    event: str = Field(foreign_key="adverse_event.id", max_length=36, index=True)
    act: str = Field(max_length=12)
    at: datetime = Field(sa_type=Instant)
    actor: str = Field(max_length=60)
    words: str = Field(sa_column=Column(Text, nullable=False))
    harm_before: str | None = Field(default=None, max_length=12)


class DeviceUse(SQLModel, table=True):
    """A tube or a machine that a patient has, from when until when; `id` is that of the form that was sent.

    `planned`: how it came out. `struck_by` and `reason`: it was entered by mistake and counts no more.
    """

    __tablename__ = "device_use"

    id: str = Field(primary_key=True, max_length=36)
    encounter: str = Field(foreign_key="encounter.id", max_length=36, index=True)
    device: str = Field(max_length=12)
    inserted_at: datetime = Field(sa_type=Instant)
    inserted_by: str = Field(max_length=60)
    removed_at: datetime | None = Field(default=None, sa_type=Instant)
    removed_by: str | None = Field(default=None, max_length=60)
    planned: bool | None = None
    struck_by: str | None = Field(default=None, max_length=60)
    reason: str | None = Field(default=None, max_length=200)
