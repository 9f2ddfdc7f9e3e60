"""The real data that lie beside the checkout, where they are there at all."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "shared" / "cases"
ABSENT = "of the real data is not beside this checkout (../shared/cases)"
"""How the reason of a skipped test ends."""


def case(*parts: str) -> Path:
    """A file of the real data; the test that asks is skipped where they are absent."""
    path = FOLDER.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{'/'.join(parts)} {ABSENT}")
    return path
