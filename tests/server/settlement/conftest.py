"""A counter on each engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from server.db import Database
from tests.server.settlement.counter import Till
from tests.server.wards import SmallWard


@pytest.fixture
def till(ward: SmallWard) -> Till:
    """The counter of the small ward, once on each engine."""
    return Till(ward)


@pytest.fixture
def sqlite_till(sqlite_url: str) -> Iterator[Till]:
    """The counter of the small ward on SQLite, for what asks nothing of the engine."""
    database = Database(sqlite_url)
    yield Till(SmallWard(database))
    database.close()
