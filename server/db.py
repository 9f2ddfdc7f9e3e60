"""The database: SQLite by default, PostgreSQL by URL; the same tables and the same promises on both."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import BigInteger, Connection, Dialect, Engine, MetaData, create_engine, event
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.pool import NullPool, QueuePool
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

from server.turns import Turns
from wardlink.clock import from_micros, to_micros

# Names that are the same on every engine, so that a migration can speak of a constraint.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA: MetaData = SQLModel.metadata

_LOCKED_S = 10.0
"""So long another writer is waited for."""


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept as microseconds since 1970 in UTC: exact, sortable, the same on both engines."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else to_micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else from_micros(value)


def is_away(exc: BaseException) -> bool:
    """Whether the database failed as such, and may do it the next time; else what was asked of it cannot be done."""
    return isinstance(exc, DBAPIError) and not isinstance(exc, IntegrityError | DataError)


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def connect(url: str) -> Engine:
    """An engine for `url` (`sqlite:///path` or `postgresql+psycopg://…`); opens nothing yet."""
    if url.startswith("sqlite"):
        engine = create_engine(
            url,
            # Errors are logged; what was to be written must not be.
            hide_parameters=True,
            json_serializer=_json,
            poolclass=QueuePool if ":memory:" not in url else NullPool,
            connect_args={"check_same_thread": False, "timeout": _LOCKED_S},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(url, pool_pre_ping=True, hide_parameters=True, json_serializer=_json)


_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "cache_size=-16000",
    # Moving the log into the file holds up the commit it falls on. 32 MB: a busy hospital meets it every few seconds,
    # and pages that were written often meanwhile are moved once.
    "wal_autocheckpoint=8000",
)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not begin transactions by itself: _begin_sqlite does, so that a writer takes its lock first.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        _set(connection, pragma)


def _set(connection: Any, pragma: str) -> None:
    # SQLite itself does not wait for its lock while it turns to write-ahead logging: two processes that open a new
    # file in one moment would both be told that it is locked.
    give_up_s = time.monotonic() + _LOCKED_S
    while True:
        try:
            connection.execute(f"PRAGMA {pragma}")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > give_up_s:
                raise
            time.sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    # A deferred transaction that writes later can lose an update; readers must not wait for the writer.
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


class Database:
    """The engine and the one lock that puts this process's writers in line, in the order in which they come.

    Writers of one process wait for each other here and not inside the engine, so that what is committed first
    is also told first.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = connect(url)
        # PostgreSQL would otherwise show every statement its own moment; SQLite reads one anyway.
        one_moment = {} if self.engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        self._reading = self.engine.execution_options(reading=True, **one_moment)
        self.writer = Turns()

    @property
    def file(self) -> Path | None:
        """Where it lies, if it is a file of this machine."""
        name = self.engine.url.database if self.engine.dialect.name == "sqlite" else None
        return None if name in (None, "", ":memory:") else Path(str(name))

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads: a consistent view, no waiting for writers."""
        with self._reading.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes; commits at the end of the block, rolls back on any error."""
        with self.writer, self.engine.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()
