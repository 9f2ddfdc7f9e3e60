"""Rosters: who is to work when.

Revision: 0026. Comes after: 0025.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "roster_cell",
        sa.Column("ward", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("staff", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_roster_cell_staff_staff")),
        sa.ForeignKeyConstraint(["ward"], ["ward.id"], name=op.f("fk_roster_cell_ward_ward")),
        sa.PrimaryKeyConstraint("ward", "day", "staff", name=op.f("pk_roster_cell")),
    )


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("roster_cell")
