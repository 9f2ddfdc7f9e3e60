"""How far each settlement of a stay is, which lines it settles, and how the rest goes back.

Revision: 0009. Comes after: 0008.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "settlement",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("encounter", sa.String(length=36), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("begun_by", sa.String(length=60), nullable=False),
        sa.Column("cover", sa.JSON(), nullable=True),
        sa.Column("lines", sa.Integer(), nullable=True),
        sa.Column("total_fen", sa.BigInteger(), nullable=True),
        sa.Column("audited_at", sa.BigInteger(), nullable=True),
        sa.Column("audited_by", sa.String(length=60), nullable=True),
        sa.Column("division", sa.JSON(), nullable=True),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("decided_reason", sa.String(length=200), nullable=True),
        sa.Column("confirmed_fen", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=60), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("deposits_fen", sa.BigInteger(), nullable=True),
        sa.Column("receipt_no", sa.String(length=20), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=60), nullable=True),
        sa.Column("ended_reason", sa.String(length=200), nullable=True),
        sa.Column("wait", sa.JSON(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["encounter"], ["encounter.id"], name="fk_settlement_encounter_encounter"),
        sa.PrimaryKeyConstraint("id", name="pk_settlement"),
        sa.UniqueConstraint("receipt_no", name="uq_settlement_receipt_no"),
    )
    op.create_index("ix_settlement_encounter", "settlement", ["encounter"], unique=False)
    op.create_index("ix_settlement_status", "settlement", ["status", "begun_at"], unique=False)
    op.create_index(
        "uq_settlement_open",
        "settlement",
        ["encounter"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "settlement_line",
        sa.Column("entry", sa.String(length=36), nullable=False),
        sa.Column("settlement", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["entry"], ["money_entry.id"], name="fk_settlement_line_entry_money_entry"),
        sa.ForeignKeyConstraint(["settlement"], ["settlement.id"], name="fk_settlement_line_settlement_settlement"),
        sa.PrimaryKeyConstraint("entry", name="pk_settlement_line"),
    )
    op.create_index("ix_settlement_line_settlement", "settlement_line", ["settlement"], unique=False)
    op.create_table(
        "settlement_payout",
        sa.Column("settlement", sa.String(length=36), nullable=False),
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("pay_order", sa.String(length=36), nullable=True),
        sa.Column("refund", sa.String(length=36), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("done_by", sa.String(length=60), nullable=True),
        sa.CheckConstraint("amount_fen > 0", name="ck_settlement_payout_amount"),
        sa.ForeignKeyConstraint(["pay_order"], ["pay_order.id"], name="fk_settlement_payout_pay_order_pay_order"),
        sa.ForeignKeyConstraint(["refund"], ["pay_refund.id"], name="fk_settlement_payout_refund_pay_refund"),
        sa.ForeignKeyConstraint(["settlement"], ["settlement.id"], name="fk_settlement_payout_settlement_settlement"),
        sa.PrimaryKeyConstraint("settlement", "no", name="pk_settlement_payout"),
    )


def downgrade() -> None:
    """Take this revision back."""
    for table in ("settlement_payout", "settlement_line", "settlement"):
        op.drop_table(table)
