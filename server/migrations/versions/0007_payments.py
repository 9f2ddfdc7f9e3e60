"""Payment orders, refunds, and what channels say by themselves.

Revision: 0007. Comes after: 0006.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "pay_order",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("encounter", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("out_trade_no", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("qr", sa.String(length=500), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("channel_trade_no", sa.String(length=64), nullable=True),
        sa.Column("paid_fen", sa.BigInteger(), nullable=True),
        sa.Column("paid_at", sa.BigInteger(), nullable=True),
        sa.Column("refunded_fen", sa.BigInteger(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("fault", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.String(length=60), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=True),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("next_look_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name="ck_pay_order_amount"),
        sa.CheckConstraint("refunded_fen >= 0 AND refunded_fen <= coalesce(paid_fen, 0)", name="ck_pay_order_refunded"),
        sa.ForeignKeyConstraint(["encounter"], ["encounter.id"], name="fk_pay_order_encounter_encounter"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key", name="uq_pay_order_key"),
    )
    op.create_index("ix_pay_order_encounter", "pay_order", ["encounter", "created_at"])
    op.create_index("ix_pay_order_next_look_at", "pay_order", ["next_look_at"])
    for column in ("out_trade_no", "channel_trade_no"):
        op.create_index(f"uq_pay_order_channel_{column}", "pay_order", ["channel", column], unique=True)
    op.create_table(
        "pay_refund",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("pay_order", sa.String(length=36), nullable=False),
        sa.Column("out_refund_no", sa.String(length=32), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=80), nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("agreed_by", sa.String(length=60), nullable=True),
        sa.Column("agreed_at", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("channel_refund_no", sa.String(length=64), nullable=True),
        sa.Column("fault", sa.String(length=64), nullable=True),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("next_look_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name="ck_pay_refund_amount"),
        sa.ForeignKeyConstraint(["pay_order"], ["pay_order.id"], name="fk_pay_refund_pay_order_pay_order"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key", name="uq_pay_refund_key"),
        sa.UniqueConstraint("out_refund_no", name="uq_pay_refund_out_refund_no"),
    )
    for column in ("next_look_at", "pay_order", "status"):
        op.create_index(f"ix_pay_refund_{column}", "pay_refund", [column])
    op.create_table(
        "pay_notice",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("out_trade_no", sa.String(length=64), nullable=False),
        sa.Column("out_refund_no", sa.String(length=64), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("channel", "id"),
    )
    op.create_index("ix_pay_notice_received_at", "pay_notice", ["received_at"])
    op.create_index("ix_pay_notice_out_trade_no", "pay_notice", ["out_trade_no"])


def downgrade() -> None:
    """Take this revision back."""
    for table in ("pay_notice", "pay_refund", "pay_order"):
        op.drop_table(table)
