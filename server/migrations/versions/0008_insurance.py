"""How stays are insured, and every message to the insurance platform.

Revision: 0008. Comes after: 0007.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "insurance_stay",
        sa.Column("encounter", sa.String(length=36), nullable=False),
        sa.Column("scheme", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("filing", sa.String(length=12), nullable=False),
        sa.Column("area", sa.String(length=6), nullable=False),
        sa.Column("admission_no", sa.Integer(), nullable=False),
        sa.Column("psn_no", sa.String(length=30), nullable=True),
        sa.Column("balance_fen", sa.BigInteger(), nullable=False),
        sa.Column("account_allowed_fen", sa.BigInteger(), nullable=True),
        sa.Column("cap_used_fen", sa.BigInteger(), nullable=False),
        sa.Column("critical_before_fen", sa.BigInteger(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.Column("set_by", sa.String(length=60), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("mdtrt_id", sa.String(length=30), nullable=False),
        sa.Column("estimate", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["encounter"], ["encounter.id"]),
        sa.PrimaryKeyConstraint("encounter"),
    )
    op.create_index("ix_insurance_stay_psn_no", "insurance_stay", ["psn_no"])
    op.create_table(
        "insurance_message",
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("msgid", sa.String(length=30), nullable=False),
        sa.Column("infno", sa.String(length=5), nullable=False),
        sa.Column("encounter", sa.String(length=36), nullable=True),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("inf_refmsgid", sa.String(length=40), nullable=True),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("reply", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["encounter"], ["encounter.id"]),
        sa.PrimaryKeyConstraint("no"),
        sa.UniqueConstraint("msgid"),
    )
    op.create_index("ix_insurance_message_encounter", "insurance_message", ["encounter"])
    op.create_table(
        "insurance_settlement",
        sa.Column("setl_id", sa.String(length=30), nullable=False),
        sa.Column("encounter", sa.String(length=36), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("estimate", sa.JSON(), nullable=True),
        sa.Column("doubts", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["encounter"], ["encounter.id"]),
        sa.PrimaryKeyConstraint("setl_id"),
    )
    op.create_index(
        "uq_insurance_settlement_standing",
        "insurance_settlement",
        ["encounter"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        "insurance_fee",
        sa.Column("sn", sa.String(length=30), nullable=False),
        sa.Column("encounter", sa.String(length=36), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("own_fen", sa.BigInteger(), nullable=False),
        sa.Column("over_fen", sa.BigInteger(), nullable=False),
        sa.Column("first_fen", sa.BigInteger(), nullable=False),
        sa.Column("scope_fen", sa.BigInteger(), nullable=False),
        sa.Column("grade", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(["encounter"], ["encounter.id"]),
        sa.PrimaryKeyConstraint("sn"),
    )
    op.create_index("ix_insurance_fee_encounter", "insurance_fee", ["encounter"])


def downgrade() -> None:
    """Take this revision back."""
    for table in ("insurance_fee", "insurance_settlement", "insurance_message", "insurance_stay"):
        op.drop_table(table)
