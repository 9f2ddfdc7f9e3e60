"""The table of what the kitchen has printed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from server.db import Instant


class KitchenPrint(SQLModel, table=True):
    """The trays of one meal of a ward as they stood when labels were printed. `trays`: what `prints.marks` made."""

    __tablename__ = "kitchen_print"

    id: str = Field(primary_key=True, max_length=36)
    ward: str = Field(foreign_key="ward.id", max_length=40, index=True)
    on: date
    meal: str = Field(max_length=12)
    at: datetime = Field(sa_type=Instant)
    by: str = Field(max_length=60)
    labels: int
    trays: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
