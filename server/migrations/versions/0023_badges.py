"""Every badge that was ever given, and which version of a person somebody has seen.

Revision: 0023. Comes after: 0022.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.alter_column("version", server_default=None)
    op.create_table(
        "staff_badge",
        sa.Column("badge", sa.String(length=40), nullable=False),
        sa.Column("staff", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_staff_badge_staff_staff")),
        sa.PrimaryKeyConstraint("badge", name=op.f("pk_staff_badge")),
    )
    op.execute("INSERT INTO staff_badge (badge, staff) SELECT badge, id FROM staff")


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("staff_badge")
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_column("version")
