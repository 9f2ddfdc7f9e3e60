"""Follows what is not decided: asks about open orders by plan, closes what ran out, pushes refunds.

By the server's clock, whether or not anybody looks; when to ask next stands in the rows, so that a restart goes on
where it stood. A lost notice is found at the latest when the order runs out.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog
from sqlalchemy import Table
from sqlalchemy.exc import DBAPIError

from server.payments.rows import ORDER, REFUND, due
from server.payments.service import Payments
from wardlink.errors import WardlinkError

log = structlog.get_logger(__name__)

EVERY_S = 1.0
HANDS = 8
"""So many questions to channels at once: an answer takes a while, and nobody shall wait for somebody else's."""
_AT_ONCE = 200


class PayWatch:
    """Looks once a second."""

    def __init__(self, payments: Payments, *, every_s: float = EVERY_S) -> None:
        self._payments = payments
        self._every_s = every_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="payment watch", daemon=True)

    def start(self) -> None:
        """Begin to look, if any channel is switched on."""
        if self._payments.channels:
            self._thread.start()

    def stop(self) -> None:
        """End after what is at hand."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def look(self) -> int:
        """Look once at everything whose time has come; how much that was."""
        looked = self._each(ORDER, self._payments.orders.look)
        return looked + self._each(REFUND, self._payments.refunds.push)

    def _each(self, table: Table, act: Callable[[str], object]) -> int:
        core = self._payments.core
        with core.db.read() as conn:
            found = due(conn, table, core.clock.now(), _AT_ONCE)
        ids = [row.id for row in found if row.channel in self._payments.providers]
        if not ids:
            return 0
        with ThreadPoolExecutor(min(HANDS, len(ids)), thread_name_prefix="payment watch") as pool:
            list(pool.map(lambda id: self._one(act, id), ids))
        return len(ids)

    def _one(self, act: Callable[[str], object], id: str) -> None:
        if self._stopping.is_set():
            return
        try:
            act(id)
        except WardlinkError as exc:
            log.warning("pay.watch", id=id, error=exc.code)
        except DBAPIError as exc:
            log.warning("pay.watch.database", id=id, error=type(exc.orig).__name__)

    def _run(self) -> None:
        while not self._stopping.wait(self._every_s):
            try:
                self.look()
            except DBAPIError as exc:
                log.warning("pay.watch.database", error=type(exc.orig).__name__)
