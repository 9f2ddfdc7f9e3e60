"""An insurance office on each engine, and one on SQLite alone for random days."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from server.db import Database
from tests.server.insurance.office import Office
from tests.server.wards import SmallWard


@pytest.fixture
def office(ward: SmallWard) -> Iterator[Office]:
    """An office in a province that wants the discharge before the settlement."""
    found = Office(ward)
    yield found
    found.close()


@pytest.fixture
def quick_ward(sqlite_url: str) -> Iterator[SmallWard]:
    """A small ward on SQLite."""
    db = Database(sqlite_url)
    yield SmallWard(db)
    db.close()


@pytest.fixture
def quick_office(quick_ward: SmallWard) -> Iterator[Office]:
    """An office on SQLite."""
    found = Office(quick_ward)
    yield found
    found.close()
