"""Beds out of service, and since when a bed is there.

Revision: 0032. Comes after: 0031.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("bed", sa.Column("made_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "bed_closure",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ward", sa.String(length=40), nullable=False),
        sa.Column("bed", sa.String(length=40), nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("words", sa.String(length=100), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_by", sa.String(length=60), nullable=False),
        sa.Column("back_at", sa.BigInteger(), nullable=True),
        sa.Column("back_by", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(["ward"], ["ward.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_bed_closure_bed", "bed_closure", ["ward", "bed", "from_at"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_bed_closure_bed", table_name="bed_closure")
    op.drop_table("bed_closure")
    op.drop_column("bed", "made_at")
