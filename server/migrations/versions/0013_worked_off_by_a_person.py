"""How a person worked a difference off, and what was said about payments that fit nothing.

Revision: 0013. Comes after: 0012.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("reconcile_difference") as batch:
        batch.add_column(sa.Column("resolution", sa.String(length=16), nullable=True))
    op.create_table(
        "pay_handled",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("ref", sa.String(length=90), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("encounter", sa.String(length=36), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("kind", "ref"),
    )
    op.create_index("ix_pay_handled_at", "pay_handled", ["at"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_pay_handled_at", table_name="pay_handled")
    op.drop_table("pay_handled")
    with op.batch_alter_table("reconcile_difference") as batch:
        batch.drop_column("resolution")
