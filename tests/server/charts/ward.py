"""What the tests of charts share."""

from __future__ import annotations

from server.snapshot import render_snapshot
from tests.server.wards import SmallWard
from wardlink.messages.changes import Snapshot, decode_snapshot


def snapshot(ward: SmallWard, name: str = "w1", bed: str | None = None) -> Snapshot:
    """The snapshot as a device reads it."""
    with ward.db.read() as conn:
        return decode_snapshot(render_snapshot(conn, name, ward.clock.now(), bed=bed))
