"""Tables of wards, beds, patients and stays."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from server.db import Instant


class Ward(SQLModel, table=True):
    """A ward, and the head of its change log: the last number given and the hash it ends in."""

    __tablename__ = "ward"

    id: str = Field(primary_key=True, max_length=40)
    name: str = Field(max_length=60)
    log_id: str = Field(max_length=36)
    seq: int = Field(default=0, sa_column=Column(BigInteger, nullable=False, server_default="0"))
    head: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Bed(SQLModel, table=True):
    """A place to lie; never an identifier of a person. `made_at` None: it was there before that was written down."""

    __tablename__ = "bed"

    ward: str = Field(primary_key=True, foreign_key="ward.id", max_length=40)
    id: str = Field(primary_key=True, max_length=40)
    label: str = Field(max_length=20)
    position: int = 0
    made_at: datetime | None = Field(default=None, sa_type=Instant)


class Patient(SQLModel, table=True):
    """A person (病案号); may have many stays."""

    __tablename__ = "patient"

    id: str = Field(primary_key=True, max_length=36)
    mrn: str = Field(unique=True, max_length=32)
    name: str = Field(max_length=60)
    sex: str = Field(max_length=10)
    birth_on: date
    id_last4: str | None = Field(default=None, max_length=4)


class Encounter(SQLModel, table=True):
    """One stay (住院号). At most one stay in progress lies in a bed; `ward` and `bed` are the last it lay in."""

    __tablename__ = "encounter"
    __table_args__ = (
        Index(
            "uq_encounter_occupied_bed",
            "ward",
            "bed",
            unique=True,
            sqlite_where=text("status = 'in-progress'"),
            postgresql_where=text("status = 'in-progress'"),
        ),
        # A hospital's KPIs read these of every stay of a year, and nothing else of its row.
        Index("ix_encounter_ended", "ward", "discharged_at", "admitted_at"),
    )

    id: str = Field(primary_key=True, max_length=36)
    admission_no: str = Field(unique=True, max_length=20)
    patient: str = Field(foreign_key="patient.id", max_length=36, index=True)
    ward: str = Field(foreign_key="ward.id", max_length=40)
    bed: str = Field(max_length=40)
    status: str = Field(max_length=12)
    level: str = Field(max_length=10)
    diet: str = Field(max_length=30)
    allergies: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    spo2_scale: int = 1
    spo2_scale_reason: str | None = Field(default=None, max_length=200)
    pregnant: bool = False
    nurse: str | None = Field(default=None, max_length=40)
    doctor: str | None = Field(default=None, max_length=40)
    admitted_at: datetime = Field(sa_type=Instant)
    discharged_at: datetime | None = Field(default=None, sa_type=Instant)
    disposition: str | None = Field(default=None, max_length=60)


class Stay(SQLModel, table=True):
    """Which bed a stay was in, from when until when: where a late fact is looked up."""

    __tablename__ = "stay"
    __table_args__ = (Index("ix_stay_ward", "ward", "from_at", "until_at"),)

    id: int | None = Field(default=None, primary_key=True)
    encounter: str = Field(foreign_key="encounter.id", max_length=36, index=True)
    ward: str = Field(max_length=40)
    bed: str = Field(max_length=40)
    from_at: datetime = Field(sa_type=Instant)
    until_at: datetime | None = Field(default=None, sa_type=Instant)
