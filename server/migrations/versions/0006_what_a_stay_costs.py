"""What a stay costs, line by line, and where its levels of care are looked up.

Lines are added and never changed, as the ledger's rows are (0005).

Revision: 0006. Comes after: 0005.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_STAYS = sa.text("kind = 'encounter.changed'")


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "charge_line",
        sa.Column("entry", sa.String(length=36), nullable=False),
        sa.Column("encounter", sa.String(length=36), nullable=False),
        sa.Column("charged_on", sa.Date(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("booked_at", sa.BigInteger(), nullable=False),
        sa.Column("source_kind", sa.String(length=10), nullable=False),
        sa.Column("source_id", sa.String(length=60), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("national", sa.String(length=40), nullable=False),
        sa.Column("name_zh", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("spec", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("quantity_e4", sa.BigInteger(), nullable=False),
        sa.Column("price_fen", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("insurance_class", sa.String(length=1), nullable=False),
        sa.Column("self_pay_bp", sa.Integer(), nullable=False),
        sa.Column("doctor", sa.String(length=60), nullable=True),
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["encounter"], ["encounter.id"], name="fk_charge_line_encounter_encounter"),
        sa.ForeignKeyConstraint(["entry"], ["money_entry.id"], name="fk_charge_line_entry_money_entry"),
        sa.PrimaryKeyConstraint("entry"),
        sa.UniqueConstraint(
            "source_kind", "source_id", "item", "turn", name="uq_charge_line_source_kind_source_id_item_turn"
        ),
    )
    op.create_index("ix_charge_line_encounter", "charge_line", ["encounter", "charged_on"])
    op.create_index("ix_charge_line_booked", "charge_line", ["department", "booked_at"])
    op.create_index("ix_change_stay", "change", ["encounter", "at"], sqlite_where=_STAYS, postgresql_where=_STAYS)
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER charge_line_{act.lower()} BEFORE {act} ON charge_line "
                "BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER charge_line_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON charge_line "
        "FOR EACH STATEMENT EXECUTE FUNCTION money_is_kept()"
    )


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_change_stay", table_name="change")
    op.drop_table("charge_line")
