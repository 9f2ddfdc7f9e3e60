"""A migrated database for every test of the server: SQLite, and a real PostgreSQL where there is one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import Engine

from server import db
from server.db import Database
from server.migrate import upgrade
from tests.postgres import Cluster, Spares, needs_postgres, running_cluster
from tests.server.desk import Desk
from tests.server.wards import SmallWard

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where small databases of tests lie: what a real disk does to them is shown by the fault runs."""

ENGINES = [pytest.param("sqlite"), pytest.param("postgres", marks=[pytest.mark.postgres, needs_postgres])]


class Statements(dict[Any, Any]):
    """Compiled statements by the name of the dialect. SQLAlchemy keeps them by dialect, and each engine has its own."""

    def get(self, key: Any, default: Any = None) -> Any:
        """The statement of `key`, whichever engine compiled it."""
        return super().get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__((key[0].name, *key[1:]), value)


@pytest.fixture(scope="session", autouse=True)
def _statements_are_compiled_once() -> Iterator[None]:
    # Every test has a database of its own; a good part of its time went into the same few hundred statements.
    statements, connect = Statements(), db.connect

    def connected(url: str) -> Engine:
        engine = connect(url)
        engine.update_execution_options(compiled_cache=statements)
        return engine

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(db, "connect", connected)
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty migrated database, to be copied."""
    path = tmp_path_factory.mktemp("template") / "ward.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL cluster of this session."""
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def postgres_template(postgres: Cluster) -> str:
    """The name of an empty migrated database, to be copied."""
    name = postgres.create()
    upgrade(postgres.url(name))
    return name


@pytest.fixture
def sqlite_url(sqlite_template: Path) -> Iterator[str]:
    """The address of an empty migrated SQLite database of this test."""
    with TemporaryDirectory(dir=MEMORY) as folder:
        yield f"sqlite:///{shutil.copy(sqlite_template, folder)}"


@pytest.fixture(scope="session")
def postgres_spares(postgres: Cluster, postgres_template: str) -> Spares:
    """Empty migrated databases."""
    return Spares(postgres, postgres_template)


@pytest.fixture
def postgres_url(postgres_spares: Spares) -> Iterator[str]:
    """The address of an empty migrated PostgreSQL database of this test."""
    with postgres_spares.one() as url:
        yield url


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty migrated database, once on each engine."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty migrated database, once on each engine."""
    found = Database(database_url)
    yield found
    found.close()


@pytest.fixture
def ward(database: Database) -> Iterator[SmallWard]:
    """A small ward, once on each engine."""
    found = SmallWard(database)
    yield found
    found.check_chains()


@pytest.fixture
def desk(ward: SmallWard, tmp_path: Path) -> Desk:
    """The desk of the small ward, once on each engine."""
    return Desk(ward, tmp_path)
