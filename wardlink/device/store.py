"""The device's disk: one SQLite file that survives kill -9 and a power cut, and belongs to one program at a time."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wardlink.device.schema import VERSIONS
from wardlink.errors import Collision, Misconfigured, StoreFailed
from wardlink.i18n import N_

_IN_USE = N_("{folder} is in use: another Wardlink program runs as this device. End it first.")
_NEWER = N_("The data in {folder} were written by a newer version of Wardlink. Install that version.")


class Store:
    """Opens `folder`, holds its lock, and gives out transactions. Thread-safe: one writer, many readers.

    Raises:
        Collision: another program holds the folder.
        Misconfigured: the folder cannot be used, or a newer version wrote it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / "device.db"
        self._lock_file = self._claim(folder)
        self._writing = threading.RLock()
        self._idle: list[sqlite3.Connection] = []
        self._pool = threading.Lock()
        try:
            self._writer = self._connect()
            self._writer.execute("PRAGMA journal_mode = WAL")
            self._migrate()
        except sqlite3.Error as exc:
            os.close(self._lock_file)
            raise StoreFailed(detail=str(exc)) from exc
        except BaseException:
            os.close(self._lock_file)
            raise

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is on the disk when the block ends, or has left nothing if it raises.

        Raises:
            StoreFailed: the disk is full, broken or gone.
        """
        with self._writing:
            try:
                self._writer.execute("BEGIN IMMEDIATE")
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException as exc:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                if isinstance(exc, sqlite3.Error):
                    raise StoreFailed(detail=str(exc)) from exc
                raise

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """One consistent view: everything read inside the block is of the same moment.

        Raises:
            StoreFailed: the disk is broken or gone.
        """
        conn: sqlite3.Connection | None = None
        try:
            conn = self._borrow()
            conn.execute("BEGIN")
            yield conn
        except sqlite3.Error as exc:
            raise StoreFailed(detail=str(exc)) from exc
        finally:
            if conn is not None:
                if conn.in_transaction:
                    conn.execute("ROLLBACK")
                self._give_back(conn)

    def scrub(self) -> None:
        """Overwrite what was deleted, in the file and in its write-ahead log."""
        with self._writing:
            with self._pool:
                for conn in self._idle:
                    conn.close()
                self._idle.clear()
            try:
                self._writer.execute("VACUUM")
                busy = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            except sqlite3.Error as exc:
                raise StoreFailed(detail=str(exc)) from exc
            if busy:
                raise StoreFailed(detail="the write-ahead log is being read")

    def close(self) -> None:
        """Let go of the file and of the folder."""
        with self._writing, self._pool:
            for conn in self._idle:
                conn.close()
            self._idle.clear()
            self._writer.close()
            os.close(self._lock_file)

    def _claim(self, folder: Path) -> int:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as exc:
            raise Misconfigured(detail=f"{folder}: {exc.strerror}") from exc
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            os.close(descriptor)
            raise Collision(_IN_USE, folder=folder) from exc
        return descriptor

    def _connect(self) -> sqlite3.Connection:
        if not self._path.exists():
            os.close(os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o600))
        conn = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=10)
        conn.execute("PRAGMA synchronous = FULL")
        conn.execute("PRAGMA secure_delete = ON")
        return conn

    def _borrow(self) -> sqlite3.Connection:
        with self._pool:
            if self._idle:
                return self._idle.pop()
        return self._connect()

    def _give_back(self, conn: sqlite3.Connection) -> None:
        with self._pool:
            self._idle.append(conn)

    def _migrate(self) -> None:
        version = self._writer.execute("PRAGMA user_version").fetchone()[0]
        if version > len(VERSIONS):
            self._writer.close()
            raise Misconfigured(_NEWER, folder=self.folder)
        for number, script in enumerate(VERSIONS[version:], start=version + 1):
            # A half-made version would be taken for a whole one: the number is part of the same transaction.
            self._writer.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {number}; COMMIT;")


def get(conn: sqlite3.Connection, key: str) -> str | None:
    """A value of the table `meta`."""
    row = conn.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def put(conn: sqlite3.Connection, key: str, value: str) -> None:
    """Set a value of the table `meta`."""
    conn.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, value))
