"""A process that is killed at every step of a payment: `python -m tests.server.payments.crashing SETTING`.

It forks a child for each step: before and after each transaction, before its commit, before and after each question to
the channel. The child kills itself there with signal 9; another one takes up what is left. One line of JSON a step.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import Connection, select

from server.core import Core
from server.db import Database
from server.integrations.sandbox import signing
from server.integrations.sandbox.provider import SandboxProvider, SandboxSettings
from server.integrations.sandbox.wire import NoticeBody, TradeView, Wire
from server.money.ledger import ENTRY, POSTING
from server.payments.orders import By, Wanted
from server.payments.port import Trade
from server.payments.rows import orders_where, refunds_where
from server.payments.service import Payments
from server.payments.watch import PayWatch
from wardlink.clock import FixedClock, SystemClock
from wardlink.errors import Collision
from wardlink.ids import new_id

TERMINAL, CASHIER, OTHER = By("device:t1", "t1"), By("staff:k1"), By("staff:k2")
MOST_STEPS = 200
KEYS = (new_id(), new_id())


@dataclass(frozen=True)
class Setting:
    """Where everything is. `heard`: the channel's notice arrives; else closing finds that it was paid.

    `comes_back`: after the crash the people come again with what they had asked; else nobody does.
    """

    template: str
    work: str
    stay: str
    url: str
    merchant: str
    key: str
    gateway_key: str
    gateway_private_key: str
    heard: bool
    comes_back: bool


class Steps:
    """Counts steps and dies at one of them."""

    def __init__(self, dies_at: int | None) -> None:
        self.left = dies_at

    def step(self) -> None:
        """One step further, or the end."""
        if self.left is not None:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


class CrashingDatabase(Database):
    """Steps around every transaction that writes."""

    def __init__(self, url: str, steps: Steps) -> None:
        super().__init__(url)
        self._steps = steps

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Before, before the commit, and after it."""
        self._steps.step()
        with super().write() as conn:
            yield conn
            self._steps.step()
        self._steps.step()


class CrashingProvider(SandboxProvider):
    """Steps around every question."""

    steps = Steps(None)

    def _send(self, method: str, path: str, message: Wire | None = None) -> tuple[int, bytes]:
        self.steps.step()
        answer = super()._send(method, path, message)
        self.steps.step()
        return answer


Outside = tuple[CrashingProvider, httpx2.Client]
"""What speaks to the gateway: the server, and a payer's phone. Made once, as it takes a while; unused before a fork."""


class Run:
    """One process of the server on one database, and the people around it."""

    def __init__(self, setting: Setting, outside: Outside, path: Path, keys: tuple[str, str], dies_at: int | None):
        self.setting, self.keys, self.clock = setting, keys, FixedClock(SystemClock().now())
        steps = Steps(dies_at)
        self.db = CrashingDatabase(f"sqlite:///{path}", steps)
        self.provider, self.phone = outside
        self.provider.steps = steps
        self.payments = Payments(Core(self.db, self.clock), {"sandbox": self.provider})
        self.watch = PayWatch(self.payments)

    def journey(self) -> None:
        """Ask for a code, pay it, let it be heard of or closed, give part of it back."""
        orders, refunds = self.payments.orders, self.payments.refunds
        order = orders.create(Wanted(self.keys[0], self.setting.stay, "deposit", 10_000, "sandbox"), TERMINAL)
        if order.qr is not None:
            self.phone.post(order.qr, data={"wish": "never"})
        if self.setting.heard:
            self._hear(order.out_trade_no)
        else:
            orders.close(order.id, TERMINAL)
        with suppress(Collision):
            asked = refunds.ask(order.id, key=self.keys[1], amount_fen=4_000, reason="多缴", by=CASHIER)
            refunds.agree(asked.id, OTHER)

    def calm(self) -> None:
        """Let the watch look until everything is decided."""
        for _ in range(100):
            self.clock.advance(60)
            self.watch.look()
            with self.db.read() as conn:
                if not any(order.is_open for order in orders_where(conn)) and not any(
                    refund.is_open for refund in refunds_where(conn)
                ):
                    return

    def final(self) -> dict[str, Any]:
        """Our books, and what the channel says of the same payment."""
        with self.db.read() as conn:
            orders, refunds = orders_where(conn), refunds_where(conn)
            rows = conn.execute(select(ENTRY.c.kind, POSTING.c.account, POSTING.c.amount_fen).join(POSTING)).all()
        balances: dict[str, int] = {}
        for _, account, amount_fen in rows:
            balances[account] = balances.get(account, 0) + amount_fen
        at_channel = 0
        for order in orders:
            found = self.provider.query(order.out_trade_no)
            at_channel += found.paid_fen or 0
        for refund in refunds:
            at_channel -= self.provider.query_refund(orders[0].out_trade_no, refund.out_refund_no).refund_fen or 0
        return {
            "orders": [(order.status, order.paid_fen, order.refunded_fen, order.late) for order in orders],
            "refunds": [(refund.status, refund.amount_fen) for refund in refunds],
            "entries": sorted((kind, amount_fen) for kind, _, amount_fen in rows if amount_fen > 0),
            "balances": {account: amount_fen for account, amount_fen in balances.items() if amount_fen},
            "at_channel": at_channel,
        }

    def _hear(self, out_trade_no: str) -> None:
        found = self.provider.query(out_trade_no)
        if found.state is not Trade.PAID:
            return
        trade = TradeView(
            out_trade_no=out_trade_no,
            state="paid",
            amount_fen=found.paid_fen or 0,
            currency="CNY",
            trade_no=found.channel_trade_no,
            paid_at=found.paid_at,
        )
        body = NoticeBody(id=out_trade_no, merchant=self.setting.merchant, trade=trade)
        raw = body.model_dump_json(exclude_none=True).encode()
        key = signing.private_key(Path(self.setting.gateway_private_key))
        self.payments.notices.take("sandbox", signing.headers(key, self.clock.now(), "notice", body=raw), raw)


def to_outside(setting: Setting) -> Outside:
    """New ways to the gateway."""
    account = SandboxSettings(
        setting.url, setting.merchant, Path(setting.key), Path(setting.gateway_key), None, timeout_s=60
    )
    return CrashingProvider(account), httpx2.Client(timeout=60, trust_env=False)


def in_child(work: Callable[[], None]) -> int:
    """Do this in a process of its own; how that ended, as `os.waitpid` says it."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            if code:
                traceback.print_exc()
            os._exit(code)
    return os.waitpid(child, 0)[1]


def killed_at(setting: Setting, outside: Outside, dies_at: int) -> dict[str, Any]:
    """Kill a journey at this step, take it up again, and say what there is then."""
    path = Path(setting.work) / f"{dies_at}.db"
    said, keys = path.with_suffix(".json"), (new_id(), new_id())
    shutil.copy(setting.template, path)
    status = in_child(lambda: Run(setting, outside, path, keys, dies_at).journey())

    def take_up() -> None:
        run = Run(setting, outside, path, keys, None)
        if setting.comes_back:
            run.journey()
        run.calm()
        if setting.comes_back:
            run.journey()
            run.calm()
        said.write_text(json.dumps(run.final()))

    taken_up = in_child(take_up) == 0
    final = json.loads(said.read_text()) if taken_up else None
    return {"step": dies_at, "killed": os.WIFSIGNALED(status), "exit": status, "final": final}


def main() -> None:
    """Every step, until a child comes to the end alive."""
    setting = Setting(**json.loads(Path(sys.argv[1]).read_text()))
    # Whatever is loaded at its first use is loaded here, once, and not in every child.
    warm = Run(setting, to_outside(setting), Path(shutil.copy(setting.template, setting.work + "/0.db")), KEYS, None)
    warm.journey()
    warm.calm()
    outside = to_outside(setting)
    for dies_at in range(1, MOST_STEPS):
        found = killed_at(setting, outside, dies_at)
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()
        if found["exit"] == 0:
            return


if __name__ == "__main__":
    main()
