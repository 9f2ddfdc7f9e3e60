"""Tables of insurance: how a stay is insured, where its dealings stand, and every message with its answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, text
from sqlmodel import Field, SQLModel

from server.db import Instant


class InsuranceStay(SQLModel, table=True):
    """How a stay is insured, as staff have said or the platform has answered, and where its dealings stand.

    `stage` is one of `stages.STAGES`. `estimate` is the one that the last settlement was asked with. No card and no ID
    number is kept here; `psn_no` is the platform's own name of the person.
    """

    __tablename__ = "insurance_stay"

    encounter: str = Field(primary_key=True, foreign_key="encounter.id", max_length=36)
    scheme: str = Field(max_length=12)
    status: str = Field(max_length=12)
    filing: str = Field(default="local", max_length=12)
    area: str = Field(max_length=6)
    admission_no: int = 1
    psn_no: str | None = Field(default=None, max_length=30, index=True)
    balance_fen: int = Field(default=0, sa_type=BigInteger)
    account_allowed_fen: int | None = Field(default=None, sa_type=BigInteger)
    cap_used_fen: int = Field(default=0, sa_type=BigInteger)
    critical_before_fen: int = Field(default=0, sa_type=BigInteger)
    set_at: datetime = Field(sa_type=Instant)
    set_by: str = Field(max_length=60)
    stage: str = Field(default="none", max_length=12)
    mdtrt_id: str = Field(default="", max_length=30)
    estimate: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))


class InsuranceMessage(SQLModel, table=True):
    """One message to the platform: written down before it goes out, and ended by what came back.

    `state`: sent (no answer yet), answered, refused, away (never left), unknown, reversed, adopted,
    decided (by a person). Names and
    numbers of persons are left out of `request` and `reply`.
    """

    __tablename__ = "insurance_message"

    no: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    msgid: str = Field(unique=True, max_length=30)
    infno: str = Field(max_length=5)
    encounter: str | None = Field(default=None, foreign_key="encounter.id", max_length=36, index=True)
    actor: str = Field(max_length=60)
    at: datetime = Field(sa_type=Instant)
    state: str = Field(max_length=10)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    inf_refmsgid: str | None = Field(default=None, max_length=40)
    request: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    reply: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))


class InsuranceSettlement(SQLModel, table=True):
    """What the platform has settled; it counts, whatever was estimated. At most one of a stay stands."""

    __tablename__ = "insurance_settlement"
    __table_args__ = (
        Index(
            "uq_insurance_settlement_standing",
            "encounter",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    setl_id: str = Field(primary_key=True, max_length=30)
    encounter: str = Field(foreign_key="encounter.id", max_length=36)
    at: datetime = Field(sa_type=Instant)
    actor: str = Field(max_length=60)
    answer: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    estimate: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    doubts: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    undone_at: datetime | None = Field(default=None, sa_type=Instant)


class InsuranceFee(SQLModel, table=True):
    """A line of the bill that stands over there, split as the platform has split it, in fen."""

    __tablename__ = "insurance_fee"

    sn: str = Field(primary_key=True, max_length=30)
    encounter: str = Field(foreign_key="encounter.id", max_length=36, index=True)
    amount_fen: int = Field(sa_type=BigInteger)
    own_fen: int = Field(sa_type=BigInteger)
    over_fen: int = Field(sa_type=BigInteger)
    first_fen: int = Field(sa_type=BigInteger)
    scope_fen: int = Field(sa_type=BigInteger)
    grade: str = Field(max_length=2)
