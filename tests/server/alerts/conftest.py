"""The engine of alerts, which looks when a test tells it to."""

from __future__ import annotations

import pytest

from server.alerts.engine import AlertEngine
from tests.server.wards import SmallWard


@pytest.fixture
def engine(ward: SmallWard) -> AlertEngine:
    """The engine of the small ward; no thread of its own, it looks when it is told to."""
    return AlertEngine(ward.core)
