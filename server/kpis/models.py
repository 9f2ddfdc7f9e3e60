"""The tables of the KPIs that follow from facts as these come in: sums of days, and when alerts were answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel

from server.db import Instant


class DaySum(SQLModel, table=True):
    """One term of one ward and day (`server.kpis.days`), summed over the facts.

    It follows from them and may be counted anew at any time. `rules`: by which table of times the facts were judged.
    """

    __tablename__ = "day_sum"

    ward: str = Field(primary_key=True, max_length=40)
    day: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    term: str = Field(primary_key=True, max_length=20)
    n: int = Field(sa_column=Column(BigInteger, nullable=False))
    rules: str = Field(max_length=16)


class AlertTime(SQLModel, table=True):
    """When one alert was raised, answered and over: what response times are counted from.

    It follows from the alert's record. Alerts of calls are not here, their calls are counted; nor are those that stood
    behind one for many: that one stands for them.
    """

    __tablename__ = "alert_time"
    __table_args__ = (
        Index("ix_alert_time_ward", "ward", "raised_at", "priority", "code", "answered_at", "there_at", "ended_at"),
    )

    alert: str = Field(primary_key=True, max_length=36)
    ward: str = Field(max_length=40)
    code: str = Field(max_length=24)
    priority: str = Field(max_length=10)
    raised_at: datetime = Field(sa_type=Instant)
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    there_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
