"""Our own style sheet, scripts and icon: served from here, and from nowhere else."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from server.dashboard import PREFIX

FOLDER = Path(__file__).parent / "static"
PATH = "/static"
"""Where the folder hangs below the pages."""


@cache
def url_of(name: str) -> str:
    """The address of a file; it changes with its content, so that a browser never shows an old one."""
    return f"{PREFIX}{PATH}/{name}?v={sha256((FOLDER / name).read_bytes()).hexdigest()[:12]}"
