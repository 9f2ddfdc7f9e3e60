"""What the kitchen has printed.

Revision: 0020. Comes after: 0014.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "kitchen_print",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ward", sa.String(length=40), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("meal", sa.String(length=12), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("labels", sa.Integer(), nullable=False),
        sa.Column("trays", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["ward"], ["ward.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_kitchen_print_ward", "kitchen_print", ["ward"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_kitchen_print_ward", table_name="kitchen_print")
    op.drop_table("kitchen_print")
