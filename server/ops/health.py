"""Whether the server is alive, and whether it is ready to work: what a supervisor and a load balancer ask."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.core import Core

MOST_LAG_S = 10.0
"""A command that has waited longer than this: the server does not keep up."""

LEAST_DISK_BYTES = 200 * 1024 * 1024
"""With less room than this on the disk the next hours' readings may not find place."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    ok: bool
    detail: str


def ready(core: Core, data_dir: Path) -> dict[str, Check]:
    """What must be well for the server to work, each thing by itself."""
    return working(core) | {"disk": _disk(data_dir)}


def working(core: Core) -> dict[str, Check]:
    """How database, broker and ingest are, and the disk where the database is a file of ours."""
    file = core.db.file
    return {
        "database": _database(core),
        "broker": Check(core.connected, "connected" if core.connected else "not connected"),
        "ingest": _ingest(core),
        **({} if file is None else {"disk": _disk(file.parent)}),
    }


def free_bytes(folder: Path) -> int:
    """How much can still be written there."""
    return shutil.disk_usage(folder).free


def _database(core: Core) -> Check:
    try:
        with core.db.read() as conn:
            conn.execute(text("SELECT count(*) FROM ward"))
    except DBAPIError as exc:
        return Check(False, type(exc.orig).__name__)
    return Check(True, core.db.engine.dialect.name)


def _ingest(core: Core) -> Check:
    if not core.ingest.alive:
        return Check(False, "not running")
    lag_s = core.inbox.lag_s()
    return Check(lag_s < MOST_LAG_S, f"{len(core.inbox)} waiting, {lag_s:.1f} s")


def _disk(data_dir: Path) -> Check:
    free = free_bytes(data_dir)
    return Check(free >= LEAST_DISK_BYTES, f"{free // 1024**2} MiB free")
