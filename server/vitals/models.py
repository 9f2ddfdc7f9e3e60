"""The table of vital signs: a wide row a set, a column a reading, named as on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, ColumnElement, Index, Table, func, text
from sqlmodel import Field, SQLModel

from server.db import Instant
from server.models import ChangeRow


class VitalsRow(SQLModel, table=True):
    """One set at one patient. Absent readings are NULL; nothing is rounded. A struck set stays.

    `extra` holds what has no column: leads off, artefacts, reasons, confirmations, notes. `attribution`: by which it
    was given to its patient afterwards. `told_seq`: the change that tells it as it is now, where that is not the first.
    """

    __tablename__ = "vitals"
    __table_args__ = (
        Index("ix_vitals_encounter_measured_at", "encounter", "measured_at"),
        # A nurse's sets are few among a monitor's many; the board must find the newest of them at once.
        Index(
            "ix_vitals_manual",
            "encounter",
            "measured_at",
            sqlite_where=text("source = 'manual'"),
            postgresql_where=text("source = 'manual'"),
        ),
        # Rows are short, and a table without row numbers is one tree less to write into.
        {"sqlite_with_rowid": False},
    )

    ward: str = Field(primary_key=True, max_length=40)
    seq: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    encounter: str | None = Field(default=None, max_length=36)
    measured_at: datetime = Field(sa_type=Instant)
    source: str = Field(max_length=10)
    temp_c: float | None = None
    temp_method: str | None = Field(default=None, max_length=10)
    pulse_per_min: float | None = None
    hr_per_min: float | None = None
    rr_per_min: float | None = None
    sbp_mmhg: float | None = None
    dbp_mmhg: float | None = None
    map_mmhg: float | None = None
    abp_sbp_mmhg: float | None = None
    abp_dbp_mmhg: float | None = None
    abp_map_mmhg: float | None = None
    spo2_pct: float | None = None
    o2_on: bool | None = None
    o2_mode: str | None = Field(default=None, max_length=12)
    o2_flow_l_per_min: float | None = None
    fio2_pct: float | None = None
    acvpu: str | None = Field(default=None, max_length=1)
    gcs_eye: int | None = None
    gcs_verbal: str | None = Field(default=None, max_length=1)
    gcs_motor: int | None = None
    pain_nrs: int | None = None
    glucose_mmol_per_l: float | None = None
    glucose_comparator: str | None = Field(default=None, max_length=1)
    glucose_slot: str | None = Field(default=None, max_length=20)
    weight_kg: float | None = None
    height_cm: float | None = None
    intake_24h_ml: float | None = None
    urine_24h_ml: float | None = None
    output_24h_ml: float | None = None
    stool: str | None = Field(default=None, max_length=20)
    news2_total: int | None = None
    news2_band: str | None = Field(default=None, max_length=12)
    news2_scale: int | None = None
    extra: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    struck_at: datetime | None = Field(default=None, sa_type=Instant)
    struck_by: str | None = Field(default=None, max_length=60)
    struck_reason: str | None = Field(default=None, max_length=200)
    attribution: str | None = Field(default=None, max_length=36)
    told_seq: int | None = Field(default=None, sa_type=BigInteger)


def is_told_by() -> ColumnElement[bool]:
    """How a set and the change that tells it as it is now belong together."""
    sets: Table = VitalsRow.__table__  # type: ignore[attr-defined]
    changes: Table = ChangeRow.__table__  # type: ignore[attr-defined]
    return (changes.c.ward == sets.c.ward) & (changes.c.seq == func.coalesce(sets.c.told_seq, sets.c.seq))
