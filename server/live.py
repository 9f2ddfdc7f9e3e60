"""After the commit: tell the carts, the terminals and the pages what has changed, in the order of the numbers."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

import structlog

from server.batch import CHANGE_COLUMNS, Batch
from server.chain import joint
from server.changes import Range, render_change, render_range
from server.projection import beds_concerned, is_for_every_bed
from server.writing import Row
from wardlink import topics

log = structlog.get_logger(__name__)

Send = Callable[[Sequence[tuple[str, bytes]]], None]
Listener = Callable[[Range], None]

MAX_RANGE_BYTES = 48 * 1024


class _Offered(NamedTuple):
    """Committed changes of one ward, as the batch has them: the ingest does not wait until they are readable."""

    ward: str
    log_id: str
    before: bytes
    rows: Sequence[Row]
    at: datetime

    def range(self) -> Range:
        rows = tuple(dict(zip(CHANGE_COLUMNS, row, strict=True), at=self.at) for row in self.rows)
        edges = (joint(self.before), joint(rows[-1]["hash"]))
        return Range(self.ward, self.log_id, rows[0]["seq"] - 1, rows[-1]["seq"], *edges, rows)


class Live:
    """Hands committed changes on: to listeners inside this process, and to the broker.

    `offer` only queues, so that the ingest goes on; a thread of its own renders and sends. What is not
    heard here (a broker that is away, a crash after the commit) is fetched over HTTP by whoever misses it.
    """

    def __init__(self, send: Send, terminal_beds: Callable[[], frozenset[tuple[str, str]]]) -> None:
        self._send = send
        self._terminal_beds = terminal_beds
        self._queue: deque[_Offered] = deque()
        self._arrived = threading.Event()
        self._stopping = False
        self._listeners: dict[str, list[Listener]] = defaultdict(list)
        self._told_bed: dict[tuple[str, str], tuple[int, str]] = {}
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
                self._queue.append(_Offered(ward, batch.heads[ward].log_id, batch.heads[ward].before, rows, batch.now))
        self._arrived.set()

    def _run(self) -> None:
        while not self._stopping or self._queue:
            self._arrived.wait()
            self._arrived.clear()
            while self._queue:
                offered = self._queue.popleft()
                found, at = offered.range(), offered.at
                try:
                    self._tell(found, at)
                except Exception:
                    # Who was told and who not is unknown now: everyone finds a gap at the next change, and fetches.
                    self._forget(found.ward)
                    log.exception("live.failed", ward=found.ward, upto=found.upto)

    def _forget(self, ward: str) -> None:
        for place in [place for place in self._told_bed if place[0] == ward]:
            del self._told_bed[place]

    def _tell(self, found: Range, at: datetime) -> None:
        rendered = [render_change(row) for row in found.rows]
        messages = [(topics.changes(found.ward), part) for part in _parts(found, rendered, at)]
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
            all_here = (bed for ward, bed in terminals if ward == found.ward)
            for bed in all_here if is_for_every_bed(row) else beds_concerned(row):
                if (found.ward, bed) in terminals:
                    by_bed[bed].append(index)
                else:
                    # Nobody listens: whoever will has to fetch what he missed.
                    self._told_bed.pop((found.ward, bed), None)
        messages = []
        for bed, indexes in by_bed.items():
            # A terminal that has not heard from us since our start stands before this, sees a gap and fetches.
            told = self._told_bed.get((found.ward, bed), (found.after, found.joint_after))
            rows = tuple(found.rows[i] for i in indexes)
            part = Range(found.ward, found.log_id, told[0], found.upto, told[1], found.joint_upto, rows)
            topic = topics.bed_changes(found.ward, bed)
            messages += [(topic, message) for message in _parts(part, [rendered[i] for i in indexes], at)]
            self._told_bed[found.ward, bed] = (found.upto, found.joint_upto)
        return messages


def _parts(found: Range, rendered: Sequence[bytes], at: datetime) -> list[bytes]:
    # A message holds at most 48 KiB of changes; each part says where it begins and ends, without a hole between.
    cuts, size = [0], 0
    for index, change in enumerate(rendered):
        if index > cuts[-1] and size + len(change) > MAX_RANGE_BYTES:
            cuts.append(index)
            size = 0
        size += len(change)
    parts, after = [], (found.after, found.joint_after)
    for start, stop in pairwise([*cuts, len(rendered)]):
        upto = (found.upto, found.joint_upto)
        if stop < len(rendered):
            upto = (found.rows[stop - 1]["seq"], joint(found.rows[stop - 1]["hash"]))
        part = Range(found.ward, found.log_id, after[0], upto[0], after[1], upto[1], tuple(found.rows[start:stop]))
        parts.append(render_range(part, at, rendered[start:stop]))
        after = upto
    return parts
