"""Many rows of one shape into one table, at the least cost that the engine allows.

SQLAlchemy prepares each row's parameters by name, which costs more than the insert. On SQLite the rows go to the
driver as they are, after what a column's type changes about its values.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Boolean, Connection, Dialect, Float, Insert, LargeBinary, Table, insert, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from server.db import Instant
from server.identity.models import DeviceCursor
from server.patients.models import Ward
from wardlink.clock import to_micros

Process = Callable[[Any], Any]
Columns = tuple[str, ...]
Row = tuple[Any, ...]

_CURSOR: Table = DeviceCursor.__table__  # type: ignore[attr-defined]
_WARD: Table = Ward.__table__  # type: ignore[attr-defined]


def write_rows(conn: Connection, table: Table, columns: Columns, rows: Sequence[Row]) -> None:
    """Insert `rows`, whose values stand in the order of `columns`; a column not named takes its default.

    Raises:
        DBAPIError: as any other statement of `conn`.
    """
    shape = _shape(table, columns, conn.dialect) if conn.dialect.name == "sqlite" else None
    if shape is None:
        conn.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in rows])
    else:
        _run(conn, shape.sql, shape.processed(rows))


def write_ready(conn: Connection, table: Table, columns: Columns, rows: Sequence[Row]) -> None:
    """The same as `write_rows`, of rows whose values have been through `Form` already.

    Raises:
        DBAPIError: as any other statement of `conn`.
    """
    shape = _shape(table, columns, conn.dialect) if conn.dialect.name == "sqlite" else None
    if shape is None:
        write_rows(conn, table, columns, rows)
    else:
        _run(conn, shape.sql, rows)


class Form(NamedTuple):
    """How the values of ready rows lie in them: what SQLite's driver takes, or what SQLAlchemy's types turn into it."""

    instant: Callable[[datetime], Any]
    json: Callable[[dict[str, Any]], Any]


def form_of(conn: Connection) -> Form:
    """The form of ready rows of this database."""
    return _DRIVER if conn.dialect.name == "sqlite" else _TYPES


def move_heads(conn: Connection, moved: Sequence[tuple[str, int, int, bytes]]) -> int:
    """Let each ward (name, where it stood, where it stands, its hash) stand there; how many stood where we thought."""
    if conn.dialect.name == "sqlite":
        rows = [(seq, head, ward, first) for ward, first, seq, head in moved]
        return _run(conn, "UPDATE ward SET seq = ?, head = ? WHERE id = ? AND seq = ?", rows)
    return sum(
        conn.execute(update(_WARD).where(_WARD.c.id == ward, _WARD.c.seq == first).values(seq=seq, head=head)).rowcount
        for ward, first, seq, head in moved
    )


def write_cursors(conn: Connection, moved: Sequence[tuple[str, str, int]]) -> None:
    """Let each stream (device, name, the number that comes next) stand there."""
    if conn.dialect.name == "sqlite":
        _run(conn, _CURSORS, moved)
    else:
        conn.execute(_cursors(), [{"device": d, "stream": s, "next_n": n} for d, s, n in moved])


def _run(conn: Connection, sql: str, rows: Sequence[Row]) -> int:
    # Under light load a commit carries a few sets, and the way through SQLAlchemy costs more than they do.
    driver = conn.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    try:
        return driver.executemany(sql, rows).rowcount
    except sqlite3.Error as exc:
        raise DBAPIError.instance(sql, None, exc, sqlite3.Error, hide_parameters=True, dialect=conn.dialect) from exc


@cache
def _cursors() -> Insert:
    statement = postgresql.insert(_CURSOR)
    updating: Insert = statement.on_conflict_do_update(
        index_elements=["device", "stream"], set_={"next_n": statement.excluded.next_n}
    )
    return updating


_TYPES = Form(lambda at: at, lambda value: value)
_DRIVER = Form(to_micros, lambda value: orjson.dumps(value).decode())

_CURSORS = (
    "INSERT INTO device_cursor (device, stream, next_n) VALUES (?, ?, ?)"
    " ON CONFLICT (device, stream) DO UPDATE SET next_n = excluded.next_n"
)


class _Shape(NamedTuple):
    """A statement of the driver, and what is done to the values of which column before."""

    sql: str
    processes: tuple[tuple[int, Process], ...]

    def processed(self, rows: Sequence[Row]) -> list[Row]:
        if not self.processes:
            return list(rows)
        by_column: list[Iterable[Any]] = list(zip(*rows, strict=True))
        for index, process in self.processes:
            by_column[index] = map(process, by_column[index])
        return list(zip(*by_column, strict=True))


@lru_cache(maxsize=500)
def _shape(table: Table, columns: Columns, dialect: Dialect) -> _Shape | None:
    if any(column.default is not None and column.name not in columns for column in table.columns):
        # The default is made in Python, for each row.
        return None
    quote = dialect.identifier_preparer
    names = ", ".join(quote.quote(name) for name in columns)
    sql = f"INSERT INTO {quote.format_table(table)} ({names}) VALUES ({', '.join('?' * len(columns))})"
    processes = ((index, _process(table.c[name].type, dialect)) for index, name in enumerate(columns))
    return _Shape(sql, tuple((index, process) for index, process in processes if process is not None))


def _process(kind: TypeEngine[Any], dialect: Dialect) -> Process | None:
    if isinstance(kind, Instant):
        return _micros
    if isinstance(kind, Boolean | Float | LargeBinary):
        # SQLite takes these as they are, and the column makes a float of a whole number.
        return None
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _micros(at: datetime | None) -> int | None:
    return None if at is None else to_micros(at)
