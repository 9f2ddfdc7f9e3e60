"""The first tables.

Revision: 0001. Comes after: nothing.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "access_audit",
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("encounter", sa.String(length=36), nullable=True),
        sa.Column("command", sa.String(length=36), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_access_audit")),
        sa.UniqueConstraint("command", name=op.f("uq_access_audit_command")),
    )
    with op.batch_alter_table("access_audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_audit_actor"), ["actor"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_audit_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_audit_encounter"), ["encounter"], unique=False)

    op.create_table(
        "change",
        sa.Column("ward", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("command", sa.String(length=36), nullable=True),
        sa.Column("first", sa.Boolean(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=True),
        sa.Column("device", sa.String(length=40), nullable=True),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("encounter", sa.String(length=36), nullable=True),
        sa.Column("bed", sa.String(length=40), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("ward", "seq", name=op.f("pk_change")),
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index(
            "uq_change_command",
            ["command"],
            unique=True,
            sqlite_where=sa.text("first = 1"),
            postgresql_where=sa.text("first"),
        )

    op.create_table(
        "device_cursor",
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("stream", sa.String(length=36), nullable=False),
        sa.Column("next_n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("device", "stream", name=op.f("pk_device_cursor")),
    )
    op.create_table(
        "parked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=True),
        sa.Column("command", sa.String(length=36), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.String(length=60), nullable=True),
        sa.Column("closed_reason", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked")),
        sa.UniqueConstraint("digest", name=op.f("uq_parked_digest")),
    )
    op.create_table(
        "patient",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("mrn", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("sex", sa.String(length=10), nullable=False),
        sa.Column("birth_on", sa.Date(), nullable=False),
        sa.Column("id_last4", sa.String(length=4), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient")),
        sa.UniqueConstraint("mrn", name=op.f("uq_patient_mrn")),
    )
    op.create_table(
        "refusal",
        sa.Column("command", sa.String(length=36), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("reason_zh", sa.String(length=400), nullable=False),
        sa.Column("reason_en", sa.String(length=400), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("command", name=op.f("pk_refusal")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_attempt")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("badge", sa.String(length=40), nullable=False),
        sa.Column("pin_hash", sa.String(length=200), nullable=False),
        sa.Column("wards", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("badge", name=op.f("uq_staff_badge")),
    )
    op.create_table(
        "vitals",
        sa.Column("ward", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("encounter", sa.String(length=36), nullable=True),
        sa.Column("measured_at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("temp_c", sa.Float(), nullable=True),
        sa.Column("temp_method", sa.String(length=10), nullable=True),
        sa.Column("pulse_per_min", sa.Float(), nullable=True),
        sa.Column("hr_per_min", sa.Float(), nullable=True),
        sa.Column("rr_per_min", sa.Float(), nullable=True),
        sa.Column("sbp_mmhg", sa.Float(), nullable=True),
        sa.Column("dbp_mmhg", sa.Float(), nullable=True),
        sa.Column("map_mmhg", sa.Float(), nullable=True),
        sa.Column("abp_sbp_mmhg", sa.Float(), nullable=True),
        sa.Column("abp_dbp_mmhg", sa.Float(), nullable=True),
        sa.Column("abp_map_mmhg", sa.Float(), nullable=True),
        sa.Column("spo2_pct", sa.Float(), nullable=True),
        sa.Column("o2_on", sa.Boolean(), nullable=True),
        sa.Column("o2_mode", sa.String(length=12), nullable=True),
        sa.Column("o2_flow_l_per_min", sa.Float(), nullable=True),
        sa.Column("fio2_pct", sa.Float(), nullable=True),
        sa.Column("acvpu", sa.String(length=1), nullable=True),
        sa.Column("gcs_eye", sa.Integer(), nullable=True),
        sa.Column("gcs_verbal", sa.String(length=1), nullable=True),
        sa.Column("gcs_motor", sa.Integer(), nullable=True),
        sa.Column("pain_nrs", sa.Integer(), nullable=True),
        sa.Column("glucose_mmol_per_l", sa.Float(), nullable=True),
        sa.Column("glucose_comparator", sa.String(length=1), nullable=True),
        sa.Column("glucose_slot", sa.String(length=20), nullable=True),
        sa.Column("weight_kg", sa.Float(), nullable=True),
        sa.Column("height_cm", sa.Float(), nullable=True),
        sa.Column("intake_24h_ml", sa.Float(), nullable=True),
        sa.Column("urine_24h_ml", sa.Float(), nullable=True),
        sa.Column("output_24h_ml", sa.Float(), nullable=True),
        sa.Column("stool", sa.String(length=20), nullable=True),
        sa.Column("news2_total", sa.Integer(), nullable=True),
        sa.Column("news2_band", sa.String(length=12), nullable=True),
        sa.Column("news2_scale", sa.Integer(), nullable=True),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("struck_at", sa.BigInteger(), nullable=True),
        sa.Column("struck_by", sa.String(length=60), nullable=True),
        sa.Column("struck_reason", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("ward", "seq", name=op.f("pk_vitals")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("vitals", schema=None) as batch_op:
        batch_op.create_index("ix_vitals_encounter_measured_at", ["encounter", "measured_at"], unique=False)
        batch_op.create_index(
            "ix_vitals_manual",
            ["encounter", "measured_at"],
            unique=False,
            sqlite_where=sa.text("source = 'manual'"),
            postgresql_where=sa.text("source = 'manual'"),
        )

    op.create_table(
        "ward",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("log_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ward")),
    )
    op.create_table(
        "bed",
        sa.Column("ward", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ward"], ["ward.id"], name=op.f("fk_bed_ward_ward")),
        sa.PrimaryKeyConstraint("ward", "id", name=op.f("pk_bed")),
    )
    op.create_table(
        "call",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ward", sa.String(length=40), nullable=False),
        sa.Column("bed", sa.String(length=40), nullable=False),
        sa.Column("encounter", sa.String(length=36), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("cls", sa.String(length=2), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.BigInteger(), nullable=False),
        sa.Column("pressed_at", sa.BigInteger(), nullable=False),
        sa.Column("rang_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=60), nullable=True),
        sa.Column("eta_min", sa.Integer(), nullable=True),
        sa.Column("arrived_at", sa.BigInteger(), nullable=True),
        sa.Column("arrived_by", sa.String(length=60), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.String(length=60), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["ward"], ["ward.id"], name=op.f("fk_call_ward_ward")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
    )
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_ward"), ["ward"], unique=False)

    op.create_table(
        "care_exception",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ward", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("command", sa.String(length=36), nullable=True),
        sa.Column("encounter", sa.String(length=36), nullable=True),
        sa.Column("bed", sa.String(length=40), nullable=True),
        sa.Column("device", sa.String(length=40), nullable=True),
        sa.Column("actor", sa.String(length=60), nullable=True),
        sa.Column("measured_at", sa.BigInteger(), nullable=True),
        sa.Column("entered_at", sa.BigInteger(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.String(length=60), nullable=True),
        sa.Column("closed_reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["ward"], ["ward.id"], name=op.f("fk_care_exception_ward_ward")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_exception")),
    )
    with op.batch_alter_table("care_exception", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_care_exception_ward"), ["ward"], unique=False)

    op.create_table(
        "device",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("ward", sa.String(length=40), nullable=False),
        sa.Column("bed", sa.String(length=40), nullable=True),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("broker_hash", sa.String(length=200), nullable=False),
        sa.Column("mosquitto_hash", sa.String(length=200), nullable=False),
        sa.Column("enrolled_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["ward"], ["ward.id"], name=op.f("fk_device_ward_ward")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
    )
    op.create_table(
        "encounter",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("admission_no", sa.String(length=20), nullable=False),
        sa.Column("patient", sa.String(length=36), nullable=False),
        sa.Column("ward", sa.String(length=40), nullable=False),
        sa.Column("bed", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("diet", sa.String(length=30), nullable=False),
        sa.Column("allergies", sa.JSON(), nullable=False),
        sa.Column("spo2_scale", sa.Integer(), nullable=False),
        sa.Column("spo2_scale_reason", sa.String(length=200), nullable=True),
        sa.Column("pregnant", sa.Boolean(), nullable=False),
        sa.Column("nurse", sa.String(length=40), nullable=True),
        sa.Column("doctor", sa.String(length=40), nullable=True),
        sa.Column("admitted_at", sa.BigInteger(), nullable=False),
        sa.Column("discharged_at", sa.BigInteger(), nullable=True),
        sa.Column("disposition", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(["patient"], ["patient.id"], name=op.f("fk_encounter_patient_patient")),
        sa.ForeignKeyConstraint(["ward"], ["ward.id"], name=op.f("fk_encounter_ward_ward")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_encounter")),
        sa.UniqueConstraint("admission_no", name=op.f("uq_encounter_admission_no")),
    )
    with op.batch_alter_table("encounter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_encounter_patient"), ["patient"], unique=False)
        batch_op.create_index(
            "uq_encounter_occupied_bed",
            ["ward", "bed"],
            unique=True,
            sqlite_where=sa.text("status = 'in-progress'"),
            postgresql_where=sa.text("status = 'in-progress'"),
        )

    op.create_table(
        "staff_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff", sa.String(length=40), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_staff_session_staff_staff")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_session")),
    )
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_session_staff"), ["staff"], unique=False)

    op.create_table(
        "stay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("encounter", sa.String(length=36), nullable=False),
        sa.Column("ward", sa.String(length=40), nullable=False),
        sa.Column("bed", sa.String(length=40), nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["encounter"], ["encounter.id"], name=op.f("fk_stay_encounter_encounter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay")),
    )
    with op.batch_alter_table("stay", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stay_encounter"), ["encounter"], unique=False)


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    with op.batch_alter_table("stay", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stay_encounter"))

    op.drop_table("stay")
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_session_staff"))

    op.drop_table("staff_session")
    with op.batch_alter_table("encounter", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_encounter_occupied_bed",
            sqlite_where=sa.text("status = 'in-progress'"),
            postgresql_where=sa.text("status = 'in-progress'"),
        )
        batch_op.drop_index(batch_op.f("ix_encounter_patient"))

    op.drop_table("encounter")
    op.drop_table("device")
    with op.batch_alter_table("care_exception", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_care_exception_ward"))

    op.drop_table("care_exception")
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_call_ward"))

    op.drop_table("call")
    op.drop_table("bed")
    op.drop_table("ward")
    with op.batch_alter_table("vitals", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_vitals_manual", sqlite_where=sa.text("source = 'manual'"), postgresql_where=sa.text("source = 'manual'")
        )
        batch_op.drop_index("ix_vitals_encounter_measured_at")

    op.drop_table("vitals")
    op.drop_table("staff")
    op.drop_table("sign_in_attempt")
    op.drop_table("refusal")
    op.drop_table("patient")
    op.drop_table("parked")
    op.drop_table("device_cursor")
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.drop_index("uq_change_command", sqlite_where=sa.text("first = 1"), postgresql_where=sa.text("first"))

    op.drop_table("change")
    with op.batch_alter_table("access_audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_audit_encounter"))
        batch_op.drop_index(batch_op.f("ix_access_audit_at"))
        batch_op.drop_index(batch_op.f("ix_access_audit_actor"))

    op.drop_table("access_audit")
