"""Indexes by which a hospital's KPIs read its stays without their rows.

Revision: 0024. Comes after: 0023.
"""

from __future__ import annotations

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_index("ix_encounter_ended", "encounter", ["ward", "discharged_at", "admitted_at"])
    op.create_index("ix_stay_ward", "stay", ["ward", "from_at", "until_at"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_stay_ward", table_name="stay")
    op.drop_index("ix_encounter_ended", table_name="encounter")
