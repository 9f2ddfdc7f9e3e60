"""The worlds that every promise of a link is tried in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.brokers import BROKERS
from tests.link.worlds import RealWorld, World, world_called


@pytest.fixture(params=["loopback", *BROKERS])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Each kind of link with its broker."""
    made = world_called(request.param, tmp_path)
    yield made
    made.close()


@pytest.fixture(params=BROKERS)
def real(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RealWorld]:
    """Each real broker, with cables that can be cut."""
    made = world_called(request.param, tmp_path)
    assert isinstance(made, RealWorld)
    yield made
    made.close()
