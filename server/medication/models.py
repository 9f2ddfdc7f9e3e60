"""The table of how drugs were given, summed day by day as doses change."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class GivingSum(SQLModel, table=True):
    """What the doses of one ward and day (`server.kpis.days`) come to, in one line of a kind.

    `line`: hour, bed, drug, person or reason; `key`: which one. `times`: how often a reason was said. A drug has its
    names. It follows from the doses and may be counted anew at any time.
    """

    __tablename__ = "giving_sum"

    line: str = Field(primary_key=True, max_length=10)
    ward: str = Field(primary_key=True, max_length=40)
    day: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    key: str = Field(primary_key=True, max_length=500)
    name_zh: str | None = Field(default=None, max_length=200)
    name_en: str | None = Field(default=None, max_length=200)
    given: int
    patient_read: int
    drug_read: int
    both_read: int
    overridden: int
    unexplained: int
    high_alert: int
    witnessed: int
    timed: int
    early: int
    in_time: int
    late: int
    wrong_time: int
    missed: int
    not_given: int
    times: int
