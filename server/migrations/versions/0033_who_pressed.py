"""Who pressed a call: the patient, family, the bed by itself.

Revision: 0033. Comes after: 0032.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision. Of earlier calls it is not known."""
    op.add_column("call", sa.Column("raised_by", sa.String(length=10), nullable=True))


def downgrade() -> None:
    """Take this revision back."""
    op.drop_column("call", "raised_by")
