"""The ledger. Its rows are added and never changed: the database itself refuses.

A later migration that rebuilds one of these tables must make its triggers again.

Revision: 0005. Comes after: 0004.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TABLES = ("money_entry", "money_posting")


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "money_entry",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("booked_at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("encounter", sa.String(length=36), nullable=True),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("reverses", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["encounter"], ["encounter.id"], name="fk_money_entry_encounter_encounter"),
        sa.ForeignKeyConstraint(["reverses"], ["money_entry.id"], name="fk_money_entry_reverses_money_entry"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key", name="uq_money_entry_key"),
        sa.UniqueConstraint("reverses", name="uq_money_entry_reverses"),
    )
    op.create_index("ix_money_entry_at", "money_entry", ["at"])
    op.create_index("ix_money_entry_encounter", "money_entry", ["encounter", "at"])
    op.create_index("ix_money_entry_source", "money_entry", ["source"])
    op.create_table(
        "money_posting",
        sa.Column("entry", sa.String(length=36), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=60), nullable=False),
        sa.Column("encounter", sa.String(length=36), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_fen <> 0", name="ck_money_posting_amount"),
        sa.ForeignKeyConstraint(["encounter"], ["encounter.id"], name="fk_money_posting_encounter_encounter"),
        sa.ForeignKeyConstraint(["entry"], ["money_entry.id"], name="fk_money_posting_entry_money_entry"),
        sa.PrimaryKeyConstraint("entry", "no"),
    )
    op.create_index("ix_money_posting_account", "money_posting", ["account", "encounter"])
    op.create_index("ix_money_posting_encounter", "money_posting", ["encounter"])
    if op.get_bind().dialect.name == "sqlite":
        for table in _TABLES:
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_{act.lower()} BEFORE {act} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION money_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the ledger is only added to' USING ERRCODE = 'check_violation'; END $$"
    )
    for table in _TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION money_is_kept()"
        )


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("money_posting")
    op.drop_table("money_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION money_is_kept()")
