"""The group of a stay, as somebody has coded it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from server.db import Instant


class DrgStay(SQLModel, table=True):
    """One row a stay; who coded it before stands in the audit. `weight_e4`: None where it is the table's."""

    __tablename__ = "drg_stay"

    encounter: str = Field(primary_key=True, foreign_key="encounter.id", max_length=36)
    code: str = Field(max_length=10, index=True)
    weight_e4: int | None = None
    set_at: datetime = Field(sa_type=Instant)
    set_by: str = Field(max_length=60)
    version: int = 1
