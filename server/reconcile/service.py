"""Compares one day of one channel, writes down what does not fit, and asks the channel once about each of it.

Called by the daily clock, by `wardlink reconcile`, and by a person over HTTP; the same day again changes nothing that
a person has said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, insert, select, update

from server.core import Core
from server.payments.booking import mark_paid
from server.payments.orders import ChannelUnknown
from server.payments.port import BillNotReady, BillReader, BillRow, ChannelAway, PaymentFault, Provider, Trade
from server.payments.rows import ORDER, orders_where
from server.reconcile import books, writing
from server.reconcile.matching import Day
from server.reconcile.rows import DIFFERENCE, RUN, RunView, run_of
from server.reconcile.rules import rules

log = structlog.get_logger(__name__)

DONE = "done"


class Reconciliation:
    """The bills of the channels that are switched on, against our own books. `readers`: of files fetched by hand."""

    def __init__(
        self, core: Core, providers: Mapping[str, Provider], readers: Mapping[str, BillReader] | None = None
    ) -> None:
        self.core = core
        self.readers = dict(readers or {})
        self._providers = dict(providers)

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels with bills to compare."""
        return tuple(sorted(self._providers))

    def run(self, channel: str, on: date) -> RunView:
        """Compare the bill of a day. Why it could not be done stands in `status`; then nothing else has changed.

        Raises:
            ChannelUnknown: the channel is not switched on here.
        """
        provider = self._providers.get(channel)
        if provider is None:
            raise ChannelUnknown
        day = self._begin(channel, on)
        try:
            day.take(provider.bill(on))
        except BillNotReady as fault:
            if day.expected or self.core.clock.now() < rules().empty_at(on):
                return self._failed(channel, on, fault)
        except PaymentFault as fault:
            return self._failed(channel, on, fault)
        self._write(channel, on, day)
        self._ask(provider, on)
        with self.core.db.read() as conn:
            return run_of(conn, channel, on)

    def run_rows(self, channel: str, on: date, rows: Iterable[BillRow]) -> RunView:
        """The same with a bill that somebody has fetched by hand; the channel is not asked.

        Raises:
            BillUnreadable: it is not whole; nothing has changed.
        """
        day = self._begin(channel, on)
        day.take(rows)
        self._write(channel, on, day)
        with self.core.db.read() as conn:
            return run_of(conn, channel, on)

    def _begin(self, channel: str, on: date) -> Day:
        with self.core.db.read() as conn:
            return Day(on, rules(), books.of_day(conn, channel, on))

    def _failed(self, channel: str, on: date, fault: PaymentFault) -> RunView:
        log.warning("reconcile.failed", channel=channel, on=on.isoformat(), error=fault.code)
        with self.core.db.write() as conn:
            known = conn.execute(select(RUN.c.status).where(_here(channel, on))).scalar()
            if known != DONE:
                self._note(conn, channel, on, {"status": fault.code[:24]})
        with self.core.db.read() as conn:
            return run_of(conn, channel, on)

    def _write(self, channel: str, on: date, day: Day) -> None:
        with self.core.db.write() as conn:
            now = self.core.clock.now()
            payments = [row.out_trade_no for row in day.strangers if row.kind == "payment"]
            refunds = [str(row.out_refund_no) for row in day.strangers if row.kind == "refund"]
            day.meet(books.known(conn, channel, payments, refunds))
            next_is_done = writing.is_done(conn, channel, on + timedelta(days=rules().waits_days))
            found = list(day.end(writing.met_on_other_days(conn, channel, on)))
            writing.write(conn, channel, on, found, now, waits=not next_is_done)
            theirs, ours = day.theirs, day.ours
            self._note(
                conn,
                channel,
                on,
                {
                    "status": DONE,
                    "lines": day.lines,
                    "matched": day.matched,
                    "income_fen": theirs.income_fen,
                    "refund_fen": theirs.refund_fen,
                    "fee_fen": theirs.fee_fen,
                    "settlement_fen": theirs.settlement_fen,
                    "our_income_fen": ours.income_fen,
                    "our_refund_fen": ours.refund_fen,
                },
            )
        log.info("reconcile.done", channel=channel, on=on.isoformat(), lines=day.lines, differences=len(found))

    def _note(self, conn: Connection, channel: str, on: date, values: Mapping[str, Any]) -> None:
        values = {**values, "tried_at": self.core.clock.now()}
        again = update(RUN).where(_here(channel, on)).values(tries=RUN.c.tries + 1, **values)
        if conn.execute(again).rowcount == 0:
            conn.execute(insert(RUN).values(channel=channel, on=on, tries=1, **_NOTHING | values))

    def _ask(self, provider: Provider, on: date) -> None:
        """Hear what the channel itself says of each open payment; what it says was paid is credited, or given back."""
        with self.core.db.read() as conn:
            asked = writing.to_ask(conn, provider.channel, on)
        for difference in asked:
            try:
                found = provider.query(difference.number)
            except ChannelAway:
                continue
            with self.core.db.write() as conn:
                now = self.core.clock.now()
                says = {"channel_says": str(found.state)}
                conn.execute(update(DIFFERENCE).where(DIFFERENCE.c.id == difference.id).values(says))
                if difference.kind == "channel_only" and found.state is Trade.PAID:
                    order = orders_where(conn, ORDER.c.id == difference.pay_order)[0]
                    if mark_paid(conn, order.id, found, now):
                        outcome = "given back" if order.status == "closed" else "credited"
                        writing.settle(conn, difference.id, outcome, now)


def _here(channel: str, on: date) -> Any:
    return (RUN.c.channel == channel) & (RUN.c.on == on)


_SUMS = ("income_fen", "refund_fen", "fee_fen", "settlement_fen", "our_income_fen", "our_refund_fen")
_NOTHING = dict.fromkeys(("lines", "matched", *_SUMS), 0)
