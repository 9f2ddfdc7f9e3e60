"""One sandbox gateway for all tests of a module, and a till on each engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from server.db import Database
from tests.server.payments.sandbox import Listener, SandboxStage
from tests.server.payments.till import Till
from tests.server.wards import SmallWard
from workbench.gateways.sandbox.entries import Habits


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxStage]:
    """A gateway and somebody who hears its notices."""
    listener = Listener()
    found = SandboxStage(tmp_path_factory.mktemp("gateway"), listener)
    yield found
    found.close()
    listener.close()


@pytest.fixture
def till(ward: SmallWard, gateway: SandboxStage) -> Till:
    """Payments of the small ward, once on each engine."""
    gateway.gateway.books.habits = Habits()
    return Till(ward, gateway)


@pytest.fixture
def sqlite_till(sqlite_url: str, gateway: SandboxStage) -> Iterator[Till]:
    """Payments of the small ward on SQLite, for what asks nothing of the engine."""
    gateway.gateway.books.habits = Habits()
    database = Database(sqlite_url)
    yield Till(SmallWard(database), gateway)
    database.close()
