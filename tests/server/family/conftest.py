"""The beds of the small ward, once on each engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.family.bed import Bed
from tests.server.wards import SmallWard


@pytest.fixture
def bed(ward: SmallWard, tmp_path: Path) -> Bed:
    """The patient's bed, and the one beside it."""
    return Bed(ward, tmp_path)
