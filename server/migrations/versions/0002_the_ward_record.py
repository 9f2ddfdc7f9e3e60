"""The ward record.

Revision: 0002. Comes after: 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "record",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ward", sa.String(length=40), nullable=False),
        sa.Column("encounter", sa.String(length=36), nullable=True),
        sa.Column("bed", sa.String(length=40), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", name=op.f("pk_record")),
    )
    with op.batch_alter_table("record", schema=None) as batch_op:
        batch_op.create_index("ix_record_encounter", ["encounter", "kind", "at"], unique=False)
        batch_op.create_index("ix_record_open", ["ward", "kind", "is_open", "at"], unique=False)
        batch_op.create_index("ix_record_ward", ["ward", "kind", "at"], unique=False)


def downgrade() -> None:
    """Take this revision back."""
    with op.batch_alter_table("record", schema=None) as batch_op:
        batch_op.drop_index("ix_record_ward")
        batch_op.drop_index("ix_record_open")
        batch_op.drop_index("ix_record_encounter")

    op.drop_table("record")
