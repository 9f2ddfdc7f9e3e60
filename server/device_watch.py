"""Notices what another process has changed about devices and staff, and writes down when devices were last heard.

`wardlink device enrol` and other servers write to the same database; nobody has to tell us.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import structlog
from sqlalchemy import Table, func, select, update
from sqlalchemy.exc import DBAPIError

from server.core import Core
from server.identity.models import Device, Staff

log = structlog.get_logger(__name__)

_DEVICE: Table = Device.__table__  # type: ignore[attr-defined]
_STAFF: Table = Staff.__table__  # type: ignore[attr-defined]

LOOK_EVERY_S = 1.0
NOTE_EVERY_S = 60.0


class DeviceWatch:
    """Looks at the database once a second: two small counts, whatever the size of the ward."""

    def __init__(self, core: Core, *, every_s: float = LOOK_EVERY_S) -> None:
        self._core = core
        self._every_s = every_s
        self._seen = self._fingerprint()
        self._noted_s = core.clock.monotonic_s()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="device watch", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End, and write down who was heard."""
        self._stopping.set()
        self._thread.join(timeout=5)
        self._try(self.note_heard)

    def look(self) -> bool:
        """Look once; True if something had changed, and then everyone knows."""
        found = self._fingerprint()
        if found == self._seen:
            return False
        self._seen = found
        self._core.devices_changed()
        return True

    def note_heard(self) -> None:
        """Write down when each device was last heard, where that is news."""
        heard = {seen.device: seen.heard_at for seen in self._core.fleet.all() if seen.heard_at is not None}
        with self._core.db.write() as conn:
            for device, at in heard.items():
                later = (_DEVICE.c.last_seen_at.is_(None)) | (_DEVICE.c.last_seen_at < at)
                conn.execute(update(_DEVICE).where(_DEVICE.c.id == device, later).values(last_seen_at=at))

    def _run(self) -> None:
        while not self._stopping.wait(self._every_s):
            self._try(self.look)
            now_s = self._core.clock.monotonic_s()
            if now_s - self._noted_s >= NOTE_EVERY_S:
                self._noted_s = now_s
                self._try(self.note_heard)

    def _try(self, work: Callable[[], object]) -> None:
        try:
            work()
        except DBAPIError as exc:
            log.warning("device-watch.database", error=type(exc.orig).__name__)

    def _fingerprint(self) -> tuple[Any, ...]:
        devices = select(
            func.count(),
            func.count(_DEVICE.c.revoked_at),
            func.max(_DEVICE.c.enrolled_at),
            func.max(_DEVICE.c.revoked_at),
        ).select_from(_DEVICE)
        staff = select(func.count()).select_from(_STAFF)
        with self._core.db.read() as conn:
            return (*conn.execute(devices).one(), *conn.execute(staff).one())
