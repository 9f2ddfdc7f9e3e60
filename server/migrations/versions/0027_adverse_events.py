"""Adverse events, and what was done about them.

Revision: 0027. Comes after: 0026.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "adverse_event",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ward", sa.String(length=40), nullable=False),
        sa.Column("encounter", sa.String(length=36), nullable=True),
        sa.Column("bed", sa.String(length=40), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("harm", sa.String(length=12), nullable=True),
        sa.Column("stage", sa.String(length=12), nullable=True),
        sa.Column("began", sa.String(length=12), nullable=True),
        sa.Column("tube", sa.String(length=12), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.BigInteger(), nullable=False),
        sa.Column("reported_by", sa.String(length=60), nullable=False),
        sa.Column("struck_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["ward"], ["ward.id"]),
        sa.ForeignKeyConstraint(["encounter"], ["encounter.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_adverse_event_ward", "adverse_event", ["ward", "happened_at"])
    op.create_index("ix_adverse_event_encounter", "adverse_event", ["encounter"])
    op.create_table(
        "adverse_step",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("event", sa.String(length=36), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("harm_before", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(["event"], ["adverse_event.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_adverse_step_event", "adverse_step", ["event"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_adverse_step_event", table_name="adverse_step")
    op.drop_table("adverse_step")
    op.drop_index("ix_adverse_event_encounter", table_name="adverse_event")
    op.drop_index("ix_adverse_event_ward", table_name="adverse_event")
    op.drop_table("adverse_event")
