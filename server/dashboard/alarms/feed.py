"""The open alerts and calls of one ward for everyone who looks at them: a frame as soon as something is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import orjson
from sqlalchemy import select
from sqlmodel import col

from server.alerts.escalating import escalation_at
from server.changes import Range
from server.core import Core
from server.dashboard.alarms.picture import in_order, picture
from server.dashboard.feed import HEARTBEAT_S
from server.dashboard.tile import millis
from server.patients.models import Bed, Ward
from server.patients.service import residents
from server.record.service import records_of
from wardlink.clinical.names import masked_name
from wardlink.errors import NotFound
from wardlink.i18n import LANGUAGES, speaking
from wardlink.record.alerts import ALERT

_TELLING = frozenset((ALERT.change, "encounter.changed"))


class AlarmFeed:
    """One ward's open alerts, as pictures in every language. Every method may be called from any thread."""

    def __init__(self, core: Core, ward: str) -> None:
        self.ward = ward
        self._core = core
        self._has_news = threading.Event()
        self._round = threading.Lock()
        self._shown: dict[str, list[dict[str, Any]]] = {}
        self._is_unsent = True
        self._framed_s: float | None = None
        self._end: Callable[[], None] | None = None

    def open(self) -> None:
        """Begin to listen, then read.

        Raises:
            NotFound: there is no such ward.
        """
        with self._core.db.read() as conn:
            if conn.execute(select(col(Ward.id)).where(col(Ward.id) == self.ward)).first() is None:
                raise NotFound(what="ward", name=self.ward)
        # Listening comes first: what is committed while we read is read again.
        self._end = self._core.live.subscribe(self.ward, self._hear)
        with self._round:
            self._read()

    def close(self) -> None:
        """Listen no more."""
        if self._end is not None:
            self._end()
            self._end = None

    def full(self) -> dict[str, Any]:
        """Everything, for a page that opens."""
        with self._round:
            self._look()
            return {"now": millis(self._core.clock.now()), "alerts": self._shown}

    def frame(self) -> bytes | None:
        """All open alerts if anything was told since the last frame, or else the time now and then; as JSON."""
        with self._round:
            self._look()
            # The pace of the page, not the time of the ward: a clock that stands still must not look like a cut.
            now_s = time.monotonic()
            due = self._framed_s is None or now_s - self._framed_s >= HEARTBEAT_S
            if not self._is_unsent and not due:
                return None
            told: dict[str, Any] = {"now": millis(self._core.clock.now())}
            if self._is_unsent:
                told["alerts"] = self._shown
            self._framed_s, self._is_unsent = now_s, False
            return orjson.dumps(told)

    def _hear(self, found: Range) -> None:
        if any(row["kind"] in _TELLING for row in found.rows):
            self._has_news.set()

    def _look(self) -> None:
        if self._has_news.is_set():
            self._has_news.clear()
            self._read()

    def _read(self) -> None:
        with self._core.db.read() as conn:
            views = in_order(records_of(conn, ALERT, ward=self.ward, only_open=True))
            query = select(col(Bed.id), col(Bed.label)).where(col(Bed.ward) == self.ward)
            labels: dict[str, str] = {row.id: row.label for row in conn.execute(query)}
            names = {stay.id: masked_name(stay.name) for stay in residents(conn, self.ward)} if views else {}
            by = escalation_at(conn, self._core.clock.now())
        shown = {}
        for code in LANGUAGES:
            with speaking(code):
                shown[code] = [
                    picture(view, labels.get(view.bed or "", view.bed or ""), names.get(view.encounter or "", ""), by)
                    for view in views
                ]
        self._is_unsent |= shown != self._shown
        self._shown = shown
