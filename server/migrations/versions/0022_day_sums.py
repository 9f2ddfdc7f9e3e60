"""The terms of the KPIs that are summed day by day.

Revision: 0022. Comes after: 0021.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision. The server fills it at its next start."""
    op.create_table(
        "day_sum",
        sa.Column("ward", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(length=20), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("rules", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("ward", "day", "term"),
    )


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("day_sum")
