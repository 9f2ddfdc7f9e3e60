"""What was agreed about the money of a stay.

Revision: 0011. Comes after: 0010.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "money_agreement",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("encounter", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("ground", sa.String(length=20), nullable=False),
        sa.Column("credit_fen", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(["encounter"], ["encounter.id"], name="fk_money_agreement_encounter_encounter"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_money_agreement_encounter", "money_agreement", ["encounter"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("money_agreement")
