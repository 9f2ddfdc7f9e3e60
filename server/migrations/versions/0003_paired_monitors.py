"""Monitors that were paired with a patient.

Revision: 0003. Comes after: 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.add_column(sa.Column("paired_with", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("paired_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Take this revision back."""
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.drop_column("paired_at")
        batch_op.drop_column("paired_with")
