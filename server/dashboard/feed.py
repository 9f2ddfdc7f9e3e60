"""Keeps one board a ward alive for everyone who looks at it, and tells them what has changed.

Live and Fleet speak from threads of their own: here they only leave a note. A round, run by one worker at a
time, works the notes off, draws the beds that have changed or grown old, and makes one frame for all pages.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
import structlog

from server.changes import Range
from server.core import Core
from server.dashboard.board import Board, Gap, Touched
from server.dashboard.load import KnownDevice, read_again, read_board, read_devices
from server.dashboard.tile import DeviceState, Tile, draw, millis, summary
from server.due.service import overdue_in_ward
from wardlink.record.due.all import NEEDED

log = structlog.get_logger(__name__)

HEARTBEAT_S = 1.0
"""A frame comes at least so often: a page that misses them knows that it is cut off."""


DUE_EVERY_S = 30.0
"""What is overdue is counted so often: time alone makes it more."""
DUE_AGAIN_S = 3.0
"""And so long after it was counted last, when something was done about it."""

_COUNTERS = ThreadPoolExecutor(1, thread_name_prefix="overdue")
"""One ward after the other."""

_DONE = frozenset({*(kind.change for kind in NEEDED), "encounter.changed"})


class WardFeed:
    """One ward's board and its pictures. Every method may be called from any thread."""

    def __init__(self, core: Core, ward: str) -> None:
        self.ward = ward
        self._core = core
        self._ranges: deque[Range] = deque()
        self._devices_changed = threading.Event()
        self._beds_changed = threading.Event()
        self._round = threading.Lock()
        self._board: Board | None = None
        self._devices: list[KnownDevice] = []
        self._states: dict[str, DeviceState] = {}
        self._tiles: dict[str, Tile] = {}
        self._order: list[str] = []
        self._unsent: set[str] = set()
        self._order_unsent = True
        self._unlisted: set[str] = set()
        self._framed_s: float | None = None
        self._overdue: dict[str, int] = {}
        self._counted_s: float | None = None
        self._counting: Future[dict[str, int]] | None = None
        self._is_done = False
        self._ends: list[Callable[[], None]] = []

    def open(self) -> None:
        """Begin to listen, then load the ward.

        Raises:
            NotFound: there is no such ward.
        """
        # Listening comes first: what is committed while we read is heard, and known again by its number.
        self._ends = [
            self._core.live.subscribe(self.ward, self._ranges.append),
            self._hear_of_devices(),
            self._hear_of_beds(),
        ]
        try:
            with self._round:
                self._load(self._core.clock.now())
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
            now = self._core.clock.now()
            self._work_off(now)
            return self._frame(now, self._tiles, whole=True)

    def frame(self) -> bytes | None:
        """What has changed since the last frame, as JSON; None while there is nothing to say yet."""
        with self._round:
            now = self._core.clock.now()
            self._work_off(now)
            # The pace of the page, not the time of the ward: a clock that stands still must not look like a cut.
            now_s = time.monotonic()
            due = self._framed_s is None or now_s - self._framed_s >= HEARTBEAT_S
            if not self._unsent and not self._order_unsent and not due:
                return None
            self._framed_s = now_s
            tiles = {bed: self._tiles[bed] for bed in self._unsent if bed in self._tiles}
            frame = self._frame(now, tiles, whole=self._order_unsent)
            self._unsent, self._order_unsent = set(), False
            return orjson.dumps(frame)

    def _hear_of_devices(self) -> Callable[[], None]:
        self._core.on_devices_changed.append(self._devices_changed.set)
        return lambda: self._core.on_devices_changed.remove(self._devices_changed.set)

    def _hear_of_beds(self) -> Callable[[], None]:
        self._core.on_beds_changed.append(self._beds_changed.set)
        return lambda: self._core.on_beds_changed.remove(self._beds_changed.set)

    def _load(self, now: datetime) -> Board:
        with self._core.db.read() as conn:
            board = self._board = read_board(conn, self.ward, now)
            self._devices = read_devices(conn, self.ward)
        self._tiles.clear()
        self._unlisted = set(board.all_beds()) - board.beds.keys()
        return board

    def _work_off(self, now: datetime) -> None:
        board = self._board if self._board is not None else self._load(now)
        if self._beds_changed.is_set():
            # Before it is read: what changes meanwhile asks for another look.
            self._beds_changed.clear()
            board = self._load(now)
        touched = Touched()
        while self._ranges:
            try:
                rows = self._ranges.popleft().rows
                self._is_done |= any(row["kind"] in _DONE for row in rows)
                touched.add(board.apply(rows))
            except Gap:
                log.warning("board.gap", ward=self.ward, seq=board.seq)
                board = self._load(now)
        if set(board.all_beds()) - board.beds.keys() - self._unlisted:
            board = self._load(now)
        if touched.stays:
            with self._core.db.read() as conn:
                read_again(conn, board, touched.stays, now)
        touched.beds |= self._look_at_overdue(board, now)
        self._draw(board, touched.beds | self._look_at_devices(), now)

    def _look_at_overdue(self, board: Board, now: datetime) -> set[str]:
        """The beds at which more or less is overdue than was drawn."""
        if self._counting is not None and self._counting.done():
            counting, self._counting = self._counting, None
            return self._overdue_is(board, counting.result())
        now_s, last_s = time.monotonic(), self._counted_s
        every_s = DUE_AGAIN_S if self._is_done else DUE_EVERY_S
        if self._counting is not None or (last_s is not None and now_s - last_s < every_s):
            return set()
        self._counted_s, self._is_done = now_s, False
        if last_s is None:
            return self._overdue_is(board, self._count_overdue(now))
        # It reads what every patient of the ward has had: no picture waits for that.
        self._counting = _COUNTERS.submit(self._count_overdue, now)
        return set()

    def _count_overdue(self, now: datetime) -> dict[str, int]:
        with self._core.db.read() as conn:
            return overdue_in_ward(conn, self.ward, now)

    def _overdue_is(self, board: Board, counts: dict[str, int]) -> set[str]:
        before, self._overdue = self._overdue, counts
        moved = {stay for stay in {*before, *counts} if before.get(stay) != counts.get(stay)}
        return {board.stays[stay].bed for stay in moved & board.stays.keys()}

    def _look_at_devices(self) -> set[str]:
        if self._devices_changed.is_set():
            self._devices_changed.clear()
            with self._core.db.read() as conn:
                self._devices = read_devices(conn, self.ward)
        states = {state.id: state for state in device_states(self._core, self._devices)}
        beds = {device.id: device.bed for device in self._devices}
        gone = self._states.keys() - states.keys()
        moved = {beds[name] for name, state in states.items() if self._states.get(name) != state}
        self._states = states
        return {bed for bed in moved if bed is not None} | (set(self._tiles) if gone else set())

    def _draw(self, board: Board, touched: set[str], now: datetime) -> None:
        at_bed: dict[str, list[DeviceState]] = defaultdict(list)
        for device in self._devices:
            if device.bed is not None:
                at_bed[device.bed].append(self._states[device.id])
        waiting: dict[str | None, int] = defaultdict(int)
        for found in board.exceptions.values():
            waiting[board.bed_of(found)] += 1
        order = board.all_beds()
        for bed in order:
            before = self._tiles.get(bed)
            if before is not None and bed not in touched and (before.until is None or now < before.until):
                continue
            overdue = sum(self._overdue.get(stay.id, 0) for stay in board.stays_in(bed))
            self._tiles[bed] = draw(board, bed, at_bed[bed], waiting[bed], now, overdue=overdue)
            if before is None or before.picture != self._tiles[bed].picture:
                # Whoever is shown it first: every page that looks on must still be sent it.
                self._unsent.add(bed)
        self._order_unsent |= order != self._order
        self._order = order

    def _frame(self, now: datetime, tiles: dict[str, Tile], *, whole: bool) -> dict[str, Any]:
        board = self._board
        assert board is not None
        told: dict[str, Any] = {
            "now": millis(now),
            "seq": board.seq,
            "tiles": {bed: tile.picture for bed, tile in tiles.items()},
            "summary": summary(board, (self._tiles[bed].picture for bed in self._order), self._states.values()),
            "carts": [
                {"id": device.id, "name": device.name, "kind": device.kind, "online": self._states[device.id].online}
                for device in self._devices
                if device.bed is None
            ],
            "broker": self._core.connected,
            "waiting": len(self._core.inbox),
        }
        if whole:
            told |= {"order": self._order, "ward": board.ward_name}
            told["tiles"] = {bed: self._tiles[bed].picture for bed in self._order}
        return told


def device_states(core: Core, devices: Iterable[KnownDevice]) -> list[DeviceState]:
    """How these devices are now. A living one's last heartbeat is left out: it would change every few seconds."""
    now_s = core.clock.monotonic_s()
    states = []
    for device in devices:
        seen = core.fleet.state(device.id)
        state = DeviceState(device.id, device.kind, device.name, None, None)
        if seen is not None:
            silent = seen.silent(now_s)
            state = replace(state, online=not silent, heard_at=seen.heard_at if silent else None)
        states.append(state)
    return states
