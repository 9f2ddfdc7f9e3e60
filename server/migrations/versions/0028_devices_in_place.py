"""Tubes and machines that patients have, and which infection an adverse event was.

Revision: 0028. Comes after: 0027.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("adverse_event", sa.Column("infection", sa.String(length=12), nullable=True))
    op.create_table(
        "device_use",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("encounter", sa.String(length=36), nullable=False),
        sa.Column("device", sa.String(length=12), nullable=False),
        sa.Column("inserted_at", sa.BigInteger(), nullable=False),
        sa.Column("inserted_by", sa.String(length=60), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.Column("removed_by", sa.String(length=60), nullable=True),
        sa.Column("planned", sa.Boolean(), nullable=True),
        sa.Column("struck_by", sa.String(length=60), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["encounter"], ["encounter.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_device_use_encounter", "device_use", ["encounter"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_device_use_encounter", table_name="device_use")
    op.drop_table("device_use")
    op.drop_column("adverse_event", "infection")
