"""What the tests of money ask of the books over and over."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from server.money.ledger import POSTING, unbalanced
from tests.server.wards import NOW

CASHIER = "staff:c1"
AT = NOW


def check_books(conn: Connection) -> None:
    """Each entry and the whole ledger add up to nothing, to the fen."""
    assert unbalanced(conn) == []
    assert conn.execute(select(func.coalesce(func.sum(POSTING.c.amount_fen), 0))).scalar_one() == 0
