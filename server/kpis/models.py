"""The table of the terms of the KPIs that are summed day by day as facts come in."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel


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
