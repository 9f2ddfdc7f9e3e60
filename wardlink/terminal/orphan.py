"""A screen behind a browser notices when the program that serves it is gone, even when that was killed."""

from __future__ import annotations

import os

SERVED_BY = "WARDLINK_SERVED_BY"
"""Environment of a served screen: the process id of its server."""

CHECK_EVERY_S = 2.0


def is_orphan() -> bool:
    """Whether this process was started to serve a browser and its server no longer lives."""
    server = os.environ.get(SERVED_BY)
    return server is not None and os.getppid() != int(server)
