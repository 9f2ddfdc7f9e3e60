"""After the commit: tell the carts, the terminals and the pages what has changed, in the order of the numbers."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog

from server.batch import Batch
from server.changes import Range, render_change, render_range
from server.projection import beds_concerned
from wardlink import topics

log = structlog.get_logger(__name__)

Send = Callable[[Sequence[tuple[str, bytes]]], None]
Listener = Callable[[Range], None]

MAX_RANGE_BYTES = 48 * 1024


class Live:
    """Hands committed changes on: to listeners inside this process, and to the broker.

    `offer` only queues, so that the ingest goes on; a thread of its own renders and sends. What is not
    heard here (a broker that is away, a crash after the commit) is fetched over HTTP by whoever misses it.
    """

    def __init__(self, send: Send, terminal_beds: Callable[[], frozenset[tuple[str, str]]]) -> None:
        self._send = send
        self._terminal_beds = terminal_beds
        self._queue: deque[tuple[Range, datetime]] = deque()
        self._arrived = threading.Event()
        self._stopping = False
        self._listeners: dict[str, list[Listener]] = defaultdict(list)
        self._told_bed: dict[tuple[str, str], int] = {}
        self._thread = threading.Thread(target=self._run, name="live", daemon=True)

    def start(self) -> None:
        """Begin to tell."""
        self._thread.start()

    def stop(self) -> None:
        """Tell what is queued, then end."""
        self._stopping = True
        self._arrived.set()
        self._thread.join(timeout=5)

    def subscribe(self, ward: str, listener: Listener) -> Callable[[], None]:
        """Call `listener` with every range of `ward`, from the thread of Live; returns how to end it."""
        self._listeners[ward].append(listener)
        return lambda: self._listeners[ward].remove(listener)

    def offer(self, batch: Batch) -> None:
        """A batch has committed. Call in the order of the commits, under the writer's lock."""
        for ward, rows in batch.told.items():
            if rows:
                head = batch.heads[ward]
                found = Range(ward, head.log_id, rows[0]["seq"] - 1, rows[-1]["seq"], tuple(rows))
                self._queue.append((found, batch.now))
        self._arrived.set()

    def _run(self) -> None:
        while not self._stopping or self._queue:
            self._arrived.wait()
            self._arrived.clear()
            while self._queue:
                found, at = self._queue.popleft()
                self._tell(found, at)

    def _tell(self, found: Range, at: datetime) -> None:
        rendered = [render_change(row) for row in found.rows]
        messages = [
            (topics.changes(found.ward), render_range(part, at, changes)) for part, changes in _parts(found, rendered)
        ]
        messages += self._for_terminals(found, rendered, at)
        self._send(messages)
        for listener in list(self._listeners[found.ward]):
            try:
                listener(found)
            except Exception:
                # A page that fails must not silence the ward.
                log.exception("live.listener", ward=found.ward)

    def _for_terminals(self, found: Range, rendered: Sequence[bytes], at: datetime) -> list[tuple[str, bytes]]:
        terminals = self._terminal_beds()
        by_bed: dict[str, list[int]] = defaultdict(list)
        for index, row in enumerate(found.rows):
            for bed in beds_concerned(row):
                if (found.ward, bed) in terminals:
                    by_bed[bed].append(index)
                else:
                    # Nobody listens: whoever will has to fetch what he missed.
                    self._told_bed.pop((found.ward, bed), None)
        messages = []
        for bed, indexes in by_bed.items():
            # A terminal that has not heard from us since our start stands before this, sees a gap and fetches.
            after = self._told_bed.get((found.ward, bed), found.after)
            rows = tuple(found.rows[i] for i in indexes)
            part = Range(found.ward, found.log_id, after, found.upto, rows)
            messages.append(
                (topics.bed_changes(found.ward, bed), render_range(part, at, [rendered[i] for i in indexes]))
            )
            self._told_bed[found.ward, bed] = found.upto
        return messages


def _parts(found: Range, rendered: Sequence[bytes]) -> list[tuple[Range, Sequence[bytes]]]:
    # A message holds at most 48 KiB of changes; each part says where it begins and ends.
    parts: list[tuple[Range, Sequence[bytes]]] = []
    start, size = 0, 0
    for index, change in enumerate(rendered):
        if index > start and size + len(change) > MAX_RANGE_BYTES:
            parts.append((_slice(found, start, index), rendered[start:index]))
            start, size = index, 0
        size += len(change)
    parts.append((_slice(found, start, len(rendered)), rendered[start:]))
    return parts


def _slice(found: Range, start: int, stop: int) -> Range:
    rows: tuple[Mapping[str, Any], ...] = found.rows[start:stop]
    return Range(found.ward, found.log_id, rows[0]["seq"] - 1, rows[-1]["seq"], rows)
