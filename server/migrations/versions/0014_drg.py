"""The group (DRG) of a stay.

Revision: 0014. Comes after: 0013.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "drg_stay",
        sa.Column("encounter", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("weight_e4", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.Column("set_by", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["encounter"], ["encounter.id"]),
        sa.PrimaryKeyConstraint("encounter"),
    )
    op.create_index("ix_drg_stay_code", "drg_stay", ["code"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_drg_stay_code", table_name="drg_stay")
    op.drop_table("drg_stay")
