"""An order keeps the times it was issued with; those that are there get the times that ship now.

Revision: 0029. Comes after: 0028.
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_AT_ONCE = 500


def _every(hours: int) -> str:
    return " ".join(f"{hour:02}:00" for hour in range(0, 24, hours))


_SHIPPED: tuple[tuple[str, str, str, str, str, int, list[int]], ...] = (
    ("qd", "once a day", "schedule", "08:00", "09:00", 1, []),
    ("qm", "every morning", "schedule", "06:00", "", 1, []),
    ("bid", "twice a day", "schedule", "08:00 16:00", "09:00 16:00", 1, []),
    ("tid", "three times a day", "schedule", "08:00 12:00 16:00", "09:00 13:00 17:00", 1, []),
    ("qid", "four times a day", "schedule", "08:00 12:00 16:00 20:00", "09:00 13:00 17:00 21:00", 1, []),
    ("qn", "every night", "schedule", "20:00", "", 1, []),
    ("hs", "at bedtime", "schedule", "21:00", "", 1, []),
    ("q1h", "every hour", "schedule", _every(1), "", 1, []),
    ("q2h", "every 2 hours", "schedule", _every(2), "", 1, []),
    ("q3h", "every 3 hours", "schedule", "00:00 03:00 06:00 09:00 12:00 15:00 18:00 21:00", "", 1, []),
    ("q4h", "every 4 hours", "schedule", "00:00 04:00 08:00 12:00 16:00 20:00", "", 1, []),
    ("q6h", "every 6 hours", "schedule", "02:00 08:00 14:00 20:00", "03:00 09:00 15:00 21:00", 1, []),
    ("q8h", "every 8 hours", "schedule", "00:00 08:00 16:00", "01:00 09:00 17:00", 1, []),
    ("q12h", "every 12 hours", "schedule", "08:00 20:00", "09:00 21:00", 1, []),
    ("qod", "every other day", "schedule", "08:00", "", 2, []),
    ("q3d", "every third day", "schedule", "08:00", "", 3, []),
    ("qw", "once a week", "schedule", "08:00", "", 7, []),
    ("q2w", "every two weeks", "schedule", "08:00", "", 14, []),
    ("biw", "twice a week", "schedule", "08:00", "", 1, [1, 4]),
    ("tiw", "three times a week", "schedule", "08:00", "", 1, [1, 3, 5]),
    ("ac", "before meals", "schedule", "07:00 11:00 17:00", "", 1, []),
    ("pc", "after meals", "schedule", "08:00 12:00 18:00", "", 1, []),
    ("once", "once", "once", "", "", 1, []),
    ("st", "at once", "once", "", "", 1, []),
    ("cont", "continuously", "once", "", "", 1, []),
    ("prn", "when needed", "on-demand", "", "", 1, []),
    ("sos", "once if needed within 12 hours", "on-demand", "", "", 1, []),
)
"""Code, label, plan, times, times of injections, every so many days, weekdays."""


def upgrade() -> None:
    """Bring the tables to this revision."""
    timing = op.create_table(
        "order_timing",
        sa.Column("order", sa.String(length=36), nullable=False),
        sa.Column("row", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("order"),
    )
    record = sa.table("record", sa.column("kind"), sa.column("id"), sa.column("body"))
    found = op.get_bind().execute(sa.select(record.c.id, record.c.body).where(record.c.kind == "order"))
    shipped = {row[0]: _row(*row[1:]) for row in _SHIPPED}
    codes = ((order, json.loads(body).get("frequency")) for order, body in found)
    rows = [{"order": order, "row": shipped[code]} for order, code in codes if code in shipped]
    for start in range(0, len(rows), _AT_ONCE):
        op.bulk_insert(timing, rows[start : start + _AT_ONCE])


def _row(label: str, plan: str, times: str, injection_times: str, every_days: int, weekdays: list[int]) -> str:
    row = {"label": label, "plan": plan, "times": times.split(), "injection_times": injection_times.split()}
    return json.dumps(row | {"every_days": every_days, "weekdays": weekdays}, separators=(",", ":"))


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("order_timing")
