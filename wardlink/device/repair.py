"""The thread that fetches over HTTP what was missed: the changes since where we stand, or a snapshot.

It also asks now and then although nothing seems to be missing: a message with QoS 0 may be lost in silence.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from wardlink.clock import Clock
from wardlink.device.http import SnapshotShorter, WardHttp
from wardlink.device.journal import Journal
from wardlink.device.receiver import Verdict
from wardlink.device.status import Applied, DeviceEvent, Replaced
from wardlink.errors import MessageUnreadable, NotAllowed, WardlinkError
from wardlink.link.backoff import Backoff

log = logging.getLogger(__name__)

AT_ONCE = 500
"""Changes of one answer: they are kept in one transaction, and what is urgent waits for no more than that."""
POLL_S = 30.0
REFUSED_AGAIN_S = 60.0
SNAPSHOT_EVERY = timedelta(hours=12)
"""Beds and staff come with snapshots only: this often at least they are fresh."""

Answered = Callable[[datetime, float, float], None]
"""Told the server's time, and between which two monotonic instants it was read."""


class Repairer:
    """Asks when told to, and every `POLL_S`. `refused`: the server does not let this device in."""

    def __init__(
        self,
        journal: Journal,
        http: WardHttp,
        clock: Clock,
        *,
        emit: Callable[[DeviceEvent], None],
        answered: Answered,
        unsent_again: Callable[[], None],
        name: str,
    ) -> None:
        self._journal = journal
        self._http = http
        self._clock = clock
        self._emit = emit
        self._answered = answered
        self._unsent_again = unsent_again
        self._backoff = Backoff(least_s=0.2, most_s=10.0)
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._wants_snapshot = False
        self.refused = False
        self._thread = threading.Thread(target=self._run, name=f"repair {name}", daemon=True)

    def start(self) -> None:
        """Begin, with a first question."""
        self._wake.set()
        self._thread.start()

    def stop(self) -> None:
        """End; a question that is still open is given up."""
        self._stopping.set()
        self._wake.set()
        self._http.close()
        if self._thread.is_alive():
            self._thread.join(timeout=3)

    def ask(self, snapshot: bool = False) -> None:
        """Something was missed; `snapshot`: changes alone would not bring it."""
        self._wants_snapshot |= snapshot
        self._wake.set()

    def _run(self) -> None:
        pause_s, tries = POLL_S, 0
        while True:
            self._wake.wait(pause_s)
            self._wake.clear()
            if self._stopping.is_set():
                return
            try:
                self.repair()
                pause_s, tries, self.refused = POLL_S, 0, False
            except NotAllowed:
                self.refused, pause_s = True, REFUSED_AGAIN_S
            except WardlinkError as fault:
                log.info("not repaired: %s", fault)
                pause_s, tries = self._backoff.wait_s(tries), tries + 1
            except Exception:
                if not self._stopping.is_set():
                    log.exception("the repair failed")
                pause_s, tries = self._backoff.wait_s(tries), tries + 1

    def repair(self) -> None:
        """Fetch until nothing is missing.

        Raises:
            WardlinkError: what `WardHttp` raises; what was fetched until then is kept.
        """
        # Looked at once: a clock that is days off must not make us ask for ever.
        self._wants_snapshot |= self._is_stale()
        while not self._stopping.is_set():
            mine = self._journal.position()
            if mine.log is None or self._wants_snapshot:
                self._replace()
                continue
            asked_s = time.monotonic()
            try:
                found = self._http.changes(mine.seq, AT_ONCE)
                answered_s = time.monotonic()
                verdict, taken = self._journal.answer(found)
            except (SnapshotShorter, MessageUnreadable):
                # A change that cannot be read would hold us up for ever; a snapshot says the same in another way.
                self._replace()
                continue
            if taken.reopened:
                self._unsent_again()
            if taken.kinds:
                self._emit(Applied(frozenset(taken.kinds), frozenset(taken.encounters)))
            if verdict is Verdict.REPLACE:
                self._replace()
                continue
            self._wants_snapshot |= taken.wants_snapshot
            if verdict is not Verdict.REPAIR and not found.more and not self._wants_snapshot:
                self._answered(found.at, asked_s, answered_s)
                return

    def _is_stale(self) -> bool:
        return self._journal.snapshot_is_older_than(SNAPSHOT_EVERY, self._clock.now())

    def _replace(self) -> None:
        epoch = self._journal.epoch
        self._wants_snapshot = False
        try:
            snapshot = self._http.snapshot()
            mine = self._journal.position()
            if mine.log is not None:
                # Asked after the snapshot was made, so that no other history can slip in between.
                self._journal.compare(self._http.changes(mine.seq, limit=0))
            if self._journal.replace(snapshot, epoch=epoch):
                self._emit(Replaced(snapshot.seq))
                self._unsent_again()
        except WardlinkError:
            self._wants_snapshot = True
            raise
