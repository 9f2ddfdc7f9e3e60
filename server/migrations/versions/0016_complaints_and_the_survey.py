"""Complaints with their steps, and the satisfaction survey.

Revision: 0016. Comes after: 0020.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "complaint",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ward", sa.String(length=40), nullable=False),
        sa.Column("bed", sa.String(length=40), nullable=True),
        sa.Column("encounter", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("sentences", sa.JSON(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("talk", sa.Boolean(), nullable=False),
        sa.Column("office_only", sa.Boolean(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("several_departments", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("handler", sa.String(length=40), nullable=True),
        sa.Column("submitted_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.Column("replied_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["ward"], ["ward.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_complaint_ward", "complaint", ["ward"])
    op.create_index("ix_complaint_encounter", "complaint", ["encounter"])
    op.create_table(
        "complaint_step",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("complaint", sa.String(length=36), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("handler", sa.String(length=40), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["complaint"], ["complaint.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_complaint_step_complaint", "complaint_step", ["complaint"])
    op.create_table(
        "survey_mark",
        sa.Column("encounter", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("encounter"),
    )
    op.create_table(
        "survey_answer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("ward", sa.String(length=40), nullable=False),
        sa.Column("lot", sa.String(length=7), nullable=True),
        sa.Column("encounter", sa.String(length=36), nullable=True),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["ward"], ["ward.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_survey_answer_ward", "survey_answer", ["ward"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_survey_answer_ward", table_name="survey_answer")
    op.drop_table("survey_answer")
    op.drop_table("survey_mark")
    op.drop_index("ix_complaint_step_complaint", table_name="complaint_step")
    op.drop_table("complaint_step")
    op.drop_index("ix_complaint_encounter", table_name="complaint")
    op.drop_index("ix_complaint_ward", table_name="complaint")
    op.drop_table("complaint")
