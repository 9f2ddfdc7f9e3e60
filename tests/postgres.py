"""A real PostgreSQL for tests: a cluster that is made, used and thrown away within one session.

It listens on loopback only and ends with the tests, also when they are killed. Its disk is not to be trusted
(`fsync=off`): what a power cut loses is not tested here.
"""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest

from tests.waiting import wait_until
from wardlink.process.child import free_port

USER = "wardlink"
ABSENT = "PostgreSQL is not installed here (make system-deps)"

# The shell holds the server and ends it when its own stdin closes: with us, however we end.
_HELD = '"$@" & read -r _; kill -INT $!; wait $!'
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB", "max_connections=60")


def binaries() -> Path | None:
    """The folder of the newest installed server, or None."""
    found = shutil.which("postgres")
    if found is not None:
        return Path(found).parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parts[-3]))
    return installed[-1].parent if installed else None


needs_postgres = pytest.mark.skipif(binaries() is None, reason=ABSENT)


@dataclass(frozen=True)
class Contents:
    """Columns and triggers, the rows of every table that has any, and how far its counters have counted."""

    schema: list[tuple[str, str, str]]
    rows: dict[str, bytes]
    counters: dict[str, int]


class Cluster:
    """One running server, and as many databases on it as tests ask for."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self.port = port
        self._names = count(1)

    def url(self, name: str) -> str:
        """The address of the database called `name`, as `server.db` takes it."""
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/{name}"

    def create(self, *, template: str = "template1") -> str:
        """Make a database, a copy of `template`, and return its name. Nobody may be connected to the template."""
        name = f"test_{next(self._names)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop(self, name: str) -> None:
        """Throw a database away, whoever is connected."""
        self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def contents(self, name: str) -> Contents:
        """What lies in a database now."""
        with psycopg.connect(self._address_of(name)) as conn:
            rows = {table: _copied(conn, table) for table, _ in conn.execute(_TABLES)}
            counters = {counter: at for counter, at in conn.execute(_COUNTERS) if at is not None}
            return Contents(_schema(conn), {table: found for table, found in rows.items() if found}, counters)

    def reset(self, name: str, to: Contents) -> bool:
        """Bring a database back to its contents, whoever is connected; False if its tables are not the same any more.

        A thousand times less is written than for a new database.
        """
        self._run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        with psycopg.connect(self._address_of(name)) as conn:
            if _schema(conn) != to.schema:
                return False
            # Neither triggers nor references have a say in this.
            conn.execute("SET LOCAL session_replication_role = replica")
            tables = [table for table, _ in conn.execute(_TABLES)]
            conn.execute("; ".join(f'DELETE FROM "{table}"' for table in tables))  # type: ignore[arg-type, unused-ignore]
            for table, rows in to.rows.items():
                with conn.cursor().copy(f'COPY "{table}" FROM STDIN (FORMAT BINARY)') as copy:  # type: ignore[arg-type, unused-ignore]
                    copy.write(rows)
            for counter, _ in conn.execute(_COUNTERS).fetchall():
                at = to.counters.get(counter)
                conn.execute("SELECT setval(%s, %s, %s)", (counter, at or 1, at is not None))
        return True

    def accepts(self) -> bool:
        """Whether the server takes connections now."""
        try:
            self._run("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type, unused-ignore]

    @property
    def _address(self) -> str:
        return self._address_of("postgres")

    def _address_of(self, name: str) -> str:
        return f"host=127.0.0.1 port={self.port} user={USER} dbname={name} connect_timeout=5"


class Spares:
    """Databases with the contents of one that was made once; what a test gives back serves the next."""

    def __init__(self, cluster: Cluster, template: str) -> None:
        self._cluster = cluster
        self._template = template
        self._contents = cluster.contents(template)
        self._free: list[str] = []

    @contextmanager
    def one(self) -> Iterator[str]:
        """The address of one, for the block."""
        name = self._free.pop() if self._free else self._cluster.create(template=self._template)
        yield self._cluster.url(name)
        if self._cluster.reset(name, self._contents):
            self._free.append(name)
        else:
            self._cluster.drop(name)


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """A new cluster for the block; the test is skipped where PostgreSQL is absent."""
    found = binaries()
    if found is None:
        pytest.skip(ABSENT)
    folder = Path(tempfile.mkdtemp(prefix="wardlink-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        data = folder / "data"
        _check([str(found / "initdb"), "-D", str(data), "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync"])
        cluster = Cluster(folder, free_port())
        settings = [f"port={cluster.port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", *_FAST]
        command = [str(found / "postgres"), "-D", str(data), *(part for s in settings for part in ("-c", s))]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                _as_postgres(["sh", "-c", _HELD, "sh", *command]),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=folder,
                start_new_session=True,
            )
        try:
            wait_until(cluster.accepts, f"PostgreSQL accepts connections ({folder / 'log'})", timeout_s=60)
            yield cluster
        finally:
            server.communicate()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_TABLES = "SELECT tablename, 1 FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
_COUNTERS = "SELECT sequencename, last_value FROM pg_sequences"
_SCHEMA = """
    SELECT table_name, column_name, data_type || is_nullable FROM information_schema.columns
    WHERE table_schema = 'public'
    UNION ALL SELECT event_object_table, trigger_name, event_manipulation FROM information_schema.triggers
    UNION ALL SELECT 'alembic_version', version_num, '' FROM alembic_version
    ORDER BY 1, 2, 3"""


def _schema(conn: psycopg.Connection) -> list[tuple[str, str, str]]:
    try:
        return conn.execute(_SCHEMA).fetchall()
    except psycopg.errors.UndefinedTable:
        return []


def _copied(conn: psycopg.Connection, table: str) -> bytes:
    if conn.execute(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone() is None:  # type: ignore[arg-type, unused-ignore]
        return b""
    with conn.cursor().copy(f'COPY "{table}" TO STDOUT (FORMAT BINARY)') as copy:  # type: ignore[arg-type, unused-ignore]
        return b"".join(bytes(block) for block in copy)


def _as_postgres(command: list[str]) -> list[str]:
    # PostgreSQL refuses to run as root.
    return ["runuser", "-u", "postgres", "--", *command] if getpass.getuser() == "root" else command


def _check(command: list[str]) -> None:
    done = subprocess.run(_as_postgres(command), capture_output=True, text=True, cwd="/", check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr[-500:]}")
