"""What the alert engine remembers.

Revision: 0004. Comes after: 0003.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "alert_watch",
        sa.Column("ward", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("alert", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("absent_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("ward", "subject"),
    )
    op.create_index("ix_alert_watch_next", "alert_watch", ["next_at"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_alert_watch_next", table_name="alert_watch")
    op.drop_table("alert_watch")
