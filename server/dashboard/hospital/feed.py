"""Keeps the table of the wards alive for everybody who sees the same wards in the same language and order."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from server.changes import Range
from server.core import Core
from server.dashboard.feed import HEARTBEAT_S
from server.dashboard.hospital.sheet import Hospital, Sort, read, sheet
from server.dashboard.tile import millis
from wardlink.i18n import speaking

READ_AGAIN_S = 1.0
"""So long after it was read last, when something was told that a line shows."""
READ_EVERY_S = 10.0
"""And so often anyway: doses become late by time alone, and monitors measure every second."""

_TOLD_AT_ONCE = frozenset({"call.changed", "alert.changed", "encounter.changed", "dose.changed", "order.changed"})


@dataclass(frozen=True)
class Seen:
    """What a page shows: the same for all who see it."""

    language: str
    sort: Sort
    wards: tuple[str, ...]

    def key(self) -> str:
        """As the feeds name it."""
        return "|".join((self.language, self.sort, ",".join(self.wards)))

    @classmethod
    def of(cls, key: str) -> Seen:
        """What `key` made."""
        language, sort, wards = key.split("|")
        return cls(language, "ward" if sort == "ward" else "need", tuple(filter(None, wards.split(","))))


class HospitalFeed:
    """Some wards as one table. Every method may be called from any thread."""

    def __init__(self, core: Core, ward: str) -> None:
        self.ward = ward
        self._core = core
        self._seen = Seen.of(ward)
        self._round = threading.Lock()
        self._is_told = threading.Event()
        self._found: Hospital | None = None
        self._read_s = 0.0
        self._sent: dict[str, dict[str, Any]] = {}
        self._framed_s: float | None = None
        self._ends: list[Callable[[], None]] = []

    def open(self) -> None:
        """Begin to listen, then read the wards."""
        core = self._core
        # Listening comes first: what is committed while we read is read again.
        self._ends = [core.live.subscribe(ward, self._hear) for ward in self._seen.wards]
        core.on_devices_changed.append(self._is_told.set)
        self._ends.append(lambda: core.on_devices_changed.remove(self._is_told.set))
        try:
            with self._round:
                self._look()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Listen no more."""
        ends, self._ends = self._ends, []
        for end in ends:
            end()

    def full(self) -> dict[str, Any]:
        """Everything, for a page that opens."""
        with self._round:
            rows = self._rows()
            return {"now": millis(self._core.clock.now()), "rows": rows, "order": list(rows)}

    def frame(self) -> bytes | None:
        """What has changed since the last frame, as JSON; None while there is nothing to say yet."""
        with self._round:
            now_s = time.monotonic()
            every_s = READ_AGAIN_S if self._is_told.is_set() else READ_EVERY_S
            if now_s - self._read_s >= every_s:
                self._look()
            rows = self._rows()
            changed = {key: row for key, row in rows.items() if self._sent.get(key) != row}
            moved = list(rows) != list(self._sent)
            due = self._framed_s is None or now_s - self._framed_s >= HEARTBEAT_S
            if not changed and not moved and not due:
                return None
            self._framed_s, self._sent = now_s, rows
            frame: dict[str, Any] = {"now": millis(self._core.clock.now()), "rows": changed}
            return orjson.dumps(frame | ({"order": list(rows)} if moved else {}))

    def _hear(self, told: Range) -> None:
        if any(row["kind"] in _TOLD_AT_ONCE for row in told.rows):
            self._is_told.set()

    def _look(self) -> Hospital:
        # Before it is read: what is told meanwhile asks for another look.
        self._is_told.clear()
        self._found, self._read_s = read(self._core, self._seen.wards), time.monotonic()
        return self._found

    def _rows(self) -> dict[str, dict[str, Any]]:
        found = self._found if self._found is not None else self._look()
        with speaking(self._seen.language):
            return sheet(self._core, found, self._seen.sort).live_rows()
