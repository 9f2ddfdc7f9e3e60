"""Values of a monitor that were given to a patient afterwards.

Revision: 0010. Comes after: 0009.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("vitals", sa.Column("attribution", sa.String(length=36), nullable=True))
    op.add_column("vitals", sa.Column("told_seq", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Take this revision back."""
    op.drop_column("vitals", "told_seq")
    op.drop_column("vitals", "attribution")
