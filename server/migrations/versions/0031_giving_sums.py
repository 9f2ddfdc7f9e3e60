"""How drugs were given, summed day by day.

Revision: 0031. Comes after: 0030.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision. The server fills it from the doses at its next start."""
    op.create_table(
        "giving_sum",
        sa.Column("line", sa.String(length=10), nullable=False),
        sa.Column("ward", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=500), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=True),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.Column("patient_read", sa.Integer(), nullable=False),
        sa.Column("drug_read", sa.Integer(), nullable=False),
        sa.Column("both_read", sa.Integer(), nullable=False),
        sa.Column("overridden", sa.Integer(), nullable=False),
        sa.Column("unexplained", sa.Integer(), nullable=False),
        sa.Column("high_alert", sa.Integer(), nullable=False),
        sa.Column("witnessed", sa.Integer(), nullable=False),
        sa.Column("timed", sa.Integer(), nullable=False),
        sa.Column("early", sa.Integer(), nullable=False),
        sa.Column("in_time", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("wrong_time", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("not_given", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("line", "ward", "day", "key"),
    )


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("giving_sum")
