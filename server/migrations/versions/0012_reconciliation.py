"""Bills of payment channels, and what in them does not fit.

Revision: 0012. Comes after: 0011.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_SUMS = ("income_fen", "refund_fen", "fee_fen", "settlement_fen", "our_income_fen", "our_refund_fen")


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "reconcile_run",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("tried_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("matched", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in _SUMS),
        sa.Column("signed_by", sa.String(length=60), nullable=True),
        sa.Column("signed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("channel", "on"),
    )
    op.create_table(
        "reconcile_difference",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=10), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("channel_trade_no", sa.String(length=64), nullable=True),
        sa.Column("pay_order", sa.String(length=36), nullable=True),
        sa.Column("our_fen", sa.BigInteger(), nullable=True),
        sa.Column("channel_fen", sa.BigInteger(), nullable=True),
        sa.Column("our_state", sa.String(length=24), nullable=True),
        sa.Column("channel_state", sa.String(length=24), nullable=True),
        sa.Column("twice", sa.Boolean(), nullable=False),
        sa.Column("channel_says", sa.String(length=24), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=60), nullable=True),
        sa.Column("outcome", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel", "subject", "number", "kind", "on", name="uq_reconcile_difference_what"),
    )
    op.create_index("ix_reconcile_difference_state", "reconcile_difference", ["state", "opened_at"])
    op.create_index("ix_reconcile_difference_day", "reconcile_difference", ["channel", "on"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_reconcile_difference_day", table_name="reconcile_difference")
    op.drop_index("ix_reconcile_difference_state", table_name="reconcile_difference")
    op.drop_table("reconcile_difference")
    op.drop_table("reconcile_run")
