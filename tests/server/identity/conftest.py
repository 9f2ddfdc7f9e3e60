"""A hospital for the tests of identity: founded once on each engine, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import Cluster, Spares
from tests.server.conftest import ENGINES
from tests.server.hospital import Founded, Hospital, found, open_hospital


@pytest.fixture(scope="session")
def sqlite_hospital(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Founded]:
    """The file of a hospital, and what is in it."""
    path = tmp_path_factory.mktemp("hospital") / "ward.db"
    shutil.copy(sqlite_template, path)
    return path, found(f"sqlite:///{path}")


@pytest.fixture(scope="session")
def postgres_hospital(postgres: Cluster, postgres_template: str) -> tuple[Spares, Founded]:
    """Databases of a hospital, and what is in them."""
    name = postgres.create(template=postgres_template)
    founded = found(postgres.url(name))
    return Spares(postgres, name), founded


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
    spares, founded = request.getfixturevalue("postgres_hospital")
    with spares.one() as url:
        made = open_hospital(tmp_path, url, founded)
        yield made
        made.core.db.close()
