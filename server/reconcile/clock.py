"""Compares yesterday's bills every morning, and catches up on days that were missed, by the server's clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from server.payments.rows import ORDER
from server.reconcile.rows import RUN
from server.reconcile.rules import rules
from server.reconcile.service import DONE, Reconciliation
from server.ticking import Ticking
from wardlink.clock import ward_date

EVERY_S = 60.0


class ReconcileClock:
    """Looks once a minute, if any channel is switched on."""

    def __init__(self, reconciliation: Reconciliation, *, every_s: float = EVERY_S) -> None:
        self._reconciliation = reconciliation
        self._ticking = Ticking("reconcile-clock", self.look, every_s=every_s, waits_first=True)

    def start(self) -> None:
        """Begin to look."""
        if self._reconciliation.channels:
            self._ticking.start()

    def stop(self) -> None:
        """End after what is at hand."""
        self._ticking.stop()

    def look(self) -> int:
        """Compare everything whose time has come; how many days that was."""
        looked = 0
        for channel in self._reconciliation.channels:
            for on in self.due(channel):
                if self._ticking.is_stopping:
                    return looked
                self._reconciliation.run(channel, on)
                looked += 1
        return looked

    def due(self, channel: str) -> list[date]:
        """The days of a channel that are to be compared now, the oldest first: none before its first payment."""
        core, plan = self._reconciliation.core, rules()
        now = core.clock.now()
        with core.db.read() as conn:
            first = conn.execute(select(func.min(ORDER.c.created_at)).where(ORDER.c.channel == channel)).scalar()
            known = {
                on: (status, tried_at)
                for on, status, tried_at in conn.execute(
                    select(RUN.c.on, RUN.c.status, RUN.c.tried_at).where(RUN.c.channel == channel)
                )
            }
        if first is None:
            return []
        begin = max(ward_date(first), ward_date(now) - timedelta(days=plan.looks_back_days))
        days = [begin + timedelta(days=n) for n in range((ward_date(now) - begin).days)]
        return [on for on in days if plan.due_at(on) <= now and self._is_open(known.get(on), now)]

    def _is_open(self, known: tuple[str, datetime] | None, now: datetime) -> bool:
        if known is None:
            return True
        status, tried_at = known
        return status != DONE and now >= tried_at + rules().retry_after
