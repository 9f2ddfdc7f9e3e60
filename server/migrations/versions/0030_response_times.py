"""When alerts were raised and answered, and an index by which the times of calls are read.

Revision: 0030. Comes after: 0029.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_OF_ALERT = ["ward", "raised_at", "priority", "code", "answered_at", "there_at", "ended_at"]
_OF_CALL = ["ward", "raised_at", "cls", "reason", "state", "acknowledged_at", "arrived_at", "closed_at"]


def upgrade() -> None:
    """Bring the tables to this revision. The server fills the new one at its next start."""
    op.create_table(
        "alert_time",
        sa.Column("alert", sa.String(length=36), nullable=False),
        sa.Column("ward", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("priority", sa.String(length=10), nullable=False),
        sa.Column("raised_at", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("there_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("alert"),
    )
    op.create_index("ix_alert_time_ward", "alert_time", _OF_ALERT)
    op.create_index("ix_call_times", "call", _OF_CALL)


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_call_times", table_name="call")
    op.drop_index("ix_alert_time_ward", table_name="alert_time")
    op.drop_table("alert_time")
