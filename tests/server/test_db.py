"""The database keeps the same promises on both engines."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, event, func, insert, select
from sqlmodel import col

from server.batch import changes_of
from server.chain import GENESIS
from server.db import Database
from server.identity.models import SignInAttempt
from server.patients.models import Ward


def _add(conn: Connection, ward: str) -> None:
    conn.execute(insert(Ward).values(id=ward, name=ward, log_id="-", seq=0, head=GENESIS))


def _count(conn: Connection) -> int:
    return conn.execute(select(func.count()).select_from(Ward)).scalar_one()


def test_a_reading_transaction_sees_one_moment(database: Database) -> None:
    """A snapshot asks many questions: what commits between two of them must not show in the second."""
    with database.write() as conn:
        _add(conn, "w1")

    with database.read() as reading:
        before = _count(reading)
        with database.write() as conn:
            _add(conn, "w2")
        after = _count(reading)

    assert (before, after) == (1, 1)


def test_instants_come_back_to_the_microsecond(database: Database) -> None:
    """What was written by one writer is what the next one reads."""
    at = datetime(2026, 11, 25, 22, 59, 59, 999_999, tzinfo=UTC)
    with database.write() as conn:
        conn.execute(insert(SignInAttempt).values(key="k", failures=1, last_at=at))

    with database.read() as conn:
        assert conn.execute(select(col(SignInAttempt.last_at))).scalar_one() == at


def test_a_known_command_is_found_without_reading_the_log(sqlite_url: str) -> None:
    """SQLite looks it up in the index of commands, however long the log has grown."""
    database = Database(sqlite_url)
    said: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda _c, _u, statement, *_: said.append(statement))

    with database.read() as conn:
        changes_of(conn, ["a", "b"])
        lookup = next(statement for statement in said if "change" in statement)
        plan = [row[-1] for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {lookup}", ("a", "b"))]
    database.close()

    assert plan == ["SEARCH change USING INDEX uq_change_command (command=?)"]
