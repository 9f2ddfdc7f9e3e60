"""The tables of the satisfaction survey: who has answered, and, apart from it, what was answered."""

from __future__ import annotations

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel


class SurveyMark(SQLModel, table=True):
    """This stay has answered. No time stands here, and nothing that leads to the answer."""

    __tablename__ = "survey_mark"

    encounter: str = Field(primary_key=True, max_length=36)


class SurveyAnswer(SQLModel, table=True):
    """One answer; the id is drawn by lot and says nothing of its time.

    `lot`: the month in which it could first be read, `YYYY-MM`; None while it waits for others. `encounter` is None
    for an anonymous one.
    """

    __tablename__ = "survey_answer"

    id: str = Field(primary_key=True, max_length=32)
    ward: str = Field(foreign_key="ward.id", max_length=40, index=True)
    lot: str | None = Field(default=None, max_length=7)
    encounter: str | None = Field(default=None, max_length=36)
    points: dict[str, int] = Field(sa_column=Column(JSON, nullable=False))
