"""Databases for whole wards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.postgres import Cluster, running_cluster


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL cluster of this session; the test is skipped where PostgreSQL is absent."""
    with running_cluster() as found:
        yield found
