"""The table in which the engine remembers what it has raised and when to look again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from server.db import Instant


class AlertWatch(SQLModel, table=True):
    """One subject of a ward and the newest alert about it.

    `next_at`: when nobody's answer is an answer; the timers of the engine, which a restart does not lose.
    `absent_at`: since when its cause is not seen. `closed_at`: somebody has dealt with it while its cause lasts.
    """

    __tablename__ = "alert_watch"
    __table_args__ = (Index("ix_alert_watch_next", "next_at"),)

    ward: str = Field(primary_key=True, max_length=40)
    subject: str = Field(primary_key=True, max_length=120)
    alert: str = Field(max_length=36)
    code: str = Field(max_length=24)
    next_at: datetime | None = Field(default=None, sa_type=Instant)
    absent_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
