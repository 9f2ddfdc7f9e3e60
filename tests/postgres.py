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
        return f"host=127.0.0.1 port={self.port} user={USER} dbname=postgres connect_timeout=5"


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


def _as_postgres(command: list[str]) -> list[str]:
    # PostgreSQL refuses to run as root.
    return ["runuser", "-u", "postgres", "--", *command] if getpass.getuser() == "root" else command


def _check(command: list[str]) -> None:
    done = subprocess.run(_as_postgres(command), capture_output=True, text=True, cwd="/", check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr[-500:]}")
