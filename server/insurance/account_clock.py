"""Compares yesterday with the insurance platform each morning, and catches up on missed days, by the server's clock."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from server.insurance.accounts import Accounts
from server.ticking import Ticking
from wardlink.clock import ward_date, ward_time

EVERY_S = 60.0
BEGINS_AT = time(10, 30)
"""As the bills of the payment channels. Source: ward domain sheet 7.5; for the platform it is our own [D]."""
DAYS = 3
RETRY_AFTER = timedelta(minutes=30)


class AccountClock:
    """Looks once a minute."""

    def __init__(self, accounts: Accounts, *, every_s: float = EVERY_S) -> None:
        self._accounts = accounts
        self._tried_at: datetime | None = None
        self._ticking = Ticking("insurance-accounts", self.look, every_s=every_s, waits_first=True)

    def start(self) -> None:
        """Begin to look."""
        self._ticking.start()

    def stop(self) -> None:
        """End after what is at hand."""
        self._ticking.stop()

    def look(self) -> int:
        """Compare what is due; how many days that was.

        Raises:
            PlatformAway: the platform does not answer; it is asked again after half an hour.
            PlatformRefused: it will not compare.
        """
        now = self._accounts.core.clock.now()
        waits = self._tried_at is not None and now < self._tried_at + RETRY_AFTER
        if ward_time(now).time() < BEGINS_AT or waits:
            return 0
        today = ward_date(now)
        due = [day for n in range(DAYS, 0, -1) if not self._accounts.asked(day := today - timedelta(days=n))]
        for day in due:
            self._tried_at = now
            self._accounts.ask(day, actor="system:insurance-accounts")
            self._tried_at = None
        return len(due)
