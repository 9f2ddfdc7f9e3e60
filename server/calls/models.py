"""The table of calls."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from server.db import Instant

_TIMES = ("ward", "raised_at", "cls", "reason", "state", "acknowledged_at", "arrived_at", "closed_at")
"""What response times are counted from: a month of a hospital is read from the index alone."""


class CallRow(SQLModel, table=True):
    """One call of one bed; presses while it is open merge into it.

    `pressed_at` is the last press, `rang_at` when it last began to ring: at the first press, or at one that made
    it more urgent. Both by the bed's clock, but never later than they came in. `raised_by`: what kind of actor
    the first press was of; None where that was not kept, or where only reports about the call are here.
    """

    __tablename__ = "call"
    __table_args__ = (Index("ix_call_times", *_TIMES),)

    id: str = Field(primary_key=True, max_length=36)
    ward: str = Field(foreign_key="ward.id", max_length=40, index=True)
    bed: str = Field(max_length=40)
    encounter: str | None = Field(default=None, max_length=36)
    reason: str | None = Field(default=None, max_length=20)
    cls: str = Field(max_length=2)
    state: str = Field(max_length=12)
    count: int = 1
    raised_at: datetime = Field(sa_type=Instant)
    raised_by: str | None = Field(default=None, max_length=10)
    pressed_at: datetime = Field(sa_type=Instant)
    rang_at: datetime = Field(sa_type=Instant)
    received_at: datetime = Field(sa_type=Instant)
    acknowledged_at: datetime | None = Field(default=None, sa_type=Instant)
    acknowledged_by: str | None = Field(default=None, max_length=60)
    eta_min: int | None = None
    arrived_at: datetime | None = Field(default=None, sa_type=Instant)
    arrived_by: str | None = Field(default=None, max_length=60)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_by: str | None = Field(default=None, max_length=60)
    outcome: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
