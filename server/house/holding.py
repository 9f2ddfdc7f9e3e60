"""What holds of one kind, read inside the transaction that asks, so that what is decided and what is written agree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar

import structlog
from sqlalchemy import Connection

from server.house.keeping import Version, standing, text_of, versions
from wardlink.errors import Misconfigured

log = structlog.get_logger(__name__)

T = TypeVar("T")

_MOST_READ = 16


class Holding(Generic[T]):
    """`read`: a version as it was written; `ours`: what ships, which holds where there is no version."""

    def __init__(self, kind: str, read: Callable[[str], T], ours: Callable[[], T]) -> None:
        self._kind, self._parse, self._ours = kind, read, ours
        self._known: dict[str, T | None] = {}
        """By digest; None for a version that cannot be read."""

    def at(self, conn: Connection, now: datetime) -> T:
        """The hospital's version that holds now, else what ships."""
        for version in standing(versions(conn, self._kind), now):
            found = self._read_once(conn, version)
            if found is not None:
                return found
        return self._ours()

    def _read_once(self, conn: Connection, version: Version) -> T | None:
        if version.digest not in self._known:
            try:
                found = self._parse(text_of(conn, self._kind, version.no))
            except Misconfigured as fault:
                log.warning(f"{self._kind}.refused", version=version.no, detail=str(fault))
                found = None
            if len(self._known) >= _MOST_READ:
                self._known.clear()
            self._known[version.digest] = found
        return self._known[version.digest]
