"""Results of the laboratory and of imaging.

Revision: 0017. Comes after: 0016.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "result",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("encounter", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=14), nullable=False),
        sa.Column("collected_at", sa.BigInteger(), nullable=True),
        sa.Column("issued_at", sa.BigInteger(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("received_from", sa.String(length=60), nullable=False),
        sa.Column("verified_by", sa.String(length=60), nullable=True),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=True),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=60), nullable=True),
        sa.Column("released_at", sa.BigInteger(), nullable=True),
        sa.Column("released_by", sa.String(length=60), nullable=True),
        sa.Column("kept_back_at", sa.BigInteger(), nullable=True),
        sa.Column("kept_back_by", sa.String(length=60), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["encounter"], ["encounter.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("encounter", "number", "version"),
    )
    op.create_index("ix_result_encounter", "result", ["encounter"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_result_encounter", table_name="result")
    op.drop_table("result")
