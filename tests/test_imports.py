"""What may import what, and what importing costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_the_import_contracts_hold() -> None:
    """Every contract of pyproject.toml is kept."""
    linted = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert linted.returncode == 0, linted.stdout + linted.stderr


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("wardlink.clinical.news2", ("textual", "sqlite3", "httpx2", "paho", "sqlalchemy")),
        ("wardlink.messages.bodies", ("textual", "sqlite3", "httpx2", "paho", "sqlalchemy")),
        ("wardlink.device", ("textual", "httpx2", "paho", "argon2", "sqlalchemy")),
        ("commands.main", ("textual", "httpx2", "paho", "argon2", "sqlalchemy", "fastapi", "wfdb", "rich")),
    ],
)
def test_an_import_brings_only_what_it_needs(module: str, unwanted: tuple[str, ...]) -> None:
    """Importing this module leaves out what costs time on the way to the first picture."""
    script = f"import sys, {module}; print([name for name in {unwanted!r} if name in sys.modules])"

    shown = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )

    assert shown.stdout.strip() == "[]"
