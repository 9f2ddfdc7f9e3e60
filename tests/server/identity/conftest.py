"""A hospital for the tests of identity: founded once on each engine, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import Cluster
from tests.server.conftest import ENGINES
from tests.server.hospital import Founded, Hospital, found, open_hospital


@pytest.fixture(scope="session")
def sqlite_hospital(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Founded]:
    """The file of a hospital, and what is in it."""
    path = tmp_path_factory.mktemp("hospital") / "ward.db"
    shutil.copy(sqlite_template, path)
    return path, found(f"sqlite:///{path}")


@pytest.fixture(scope="session")
def postgres_hospital(postgres: Cluster, postgres_template: str) -> tuple[str, Founded]:
    """The name of the database of a hospital, and what is in it."""
    name = postgres.create(template=postgres_template)
    return name, found(postgres.url(name))


@pytest.fixture(params=ENGINES)
def hospital(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hospital]:
    """A hospital of this test, once on each engine."""
    if request.param == "sqlite":
        path, founded = request.getfixturevalue("sqlite_hospital")
        url = f"sqlite:///{shutil.copy(path, tmp_path / 'ward.db')}"
        made = open_hospital(tmp_path, url, founded)
        yield made
        made.core.db.close()
        return
    template, founded = request.getfixturevalue("postgres_hospital")
    cluster: Cluster = request.getfixturevalue("postgres")
    name = cluster.create(template=template)
    made = open_hospital(tmp_path, cluster.url(name), founded)
    yield made
    made.core.db.close()
    cluster.drop(name)
