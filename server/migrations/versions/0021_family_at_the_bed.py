"""What family sign in with at the bed.

Revision: 0021. Comes after: 0017.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "family_secret",
        sa.Column("consent", sa.String(length=36), nullable=False),
        sa.Column("code_hash", sa.String(length=200), nullable=True),
        sa.Column("code_expires_at", sa.BigInteger(), nullable=True),
        sa.Column("pin_hash", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("consent"),
    )


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("family_secret")
