"""The table of the rosters."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from server.db import Instant


class RosterCell(SQLModel, table=True):
    """What somebody is to do in a ward on a day (`wardlink.clinical.roster`). No row: nothing was entered."""

    __tablename__ = "roster_cell"

    ward: str = Field(primary_key=True, foreign_key="ward.id", max_length=40)
    day: date = Field(primary_key=True)
    staff: str = Field(primary_key=True, foreign_key="staff.id", max_length=40)
    code: str = Field(max_length=20)
    at: datetime = Field(sa_type=Instant)
    by: str = Field(max_length=60)
