"""A small ward with payments: the real sandbox gateway, its provider, and what the ledger holds afterwards."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from server.money.deposits import available, held
from server.money.ledger import ENTRY, POSTING
from server.payments.notices import Came
from server.payments.orders import By, Wanted
from server.payments.port import NoticeAnswer
from server.payments.rows import Order, RefundRow, orders_where, refunds_where
from server.payments.service import Payments
from server.payments.watch import PayWatch
from tests.server.payments.contract import Told
from tests.server.payments.sandbox import SandboxStage
from tests.server.wards import STAY_1, SmallWard
from wardlink.ids import new_id

TERMINAL = By("device:t1", "t1")
CASHIER = By("staff:k1")
OTHER_CASHIER = By("staff:k2")


class Till:
    """Payments of `ward` over the gateway of `stage`; both keep the ward's time, and no notice is sent by itself."""

    def __init__(self, ward: SmallWard, stage: SandboxStage) -> None:
        self.ward = ward
        self.stage = stage
        stage.clock = stage.gateway.clock = ward.clock
        self.payments = Payments(ward.core, {"sandbox": stage.provider_to(None)})
        self.watch = PayWatch(self.payments)

    def wanted(self, amount_fen: int = 10_000, **other: Any) -> Wanted:
        """A deposit that nobody has asked for yet."""
        fields = {"key": new_id(), "encounter": STAY_1, "purpose": "deposit", "channel": "sandbox"}
        return Wanted(**fields | {"amount_fen": amount_fen} | other)

    def order(self, amount_fen: int = 10_000) -> Order:
        """An order with its code."""
        made = self.payments.orders.create(self.wanted(amount_fen), TERMINAL)
        assert made.status == "qr_ready"
        return made

    def pay(self, order: Order) -> bool:
        """Somebody pays at the gateway; we hear nothing of it."""
        return self.stage.pay(order.qr or "")

    def paid(self, amount_fen: int = 10_000) -> Order:
        """An order that was paid, and we know."""
        order = self.order(amount_fen)
        assert self.pay(order)
        return self.payments.orders.look(order.id)

    def notice(self, order: Order, **how: Any) -> Told:
        """The gateway's notice of it."""
        return self.stage.notice_of(order.out_trade_no, **how)

    def take(self, told: Told) -> bool:
        """Take in a notice; whether it was accepted."""
        answer: NoticeAnswer = self.payments.notices.take("sandbox", *told)
        return answer.status == 204

    def refund(self, order: Order, amount_fen: int) -> RefundRow:
        """Ask for money back, agree as somebody else, and send it."""
        asked = self.payments.refunds.ask(order.id, key=new_id(), amount_fen=amount_fen, reason="多缴", by=CASHIER)
        return self.payments.refunds.agree(asked.id, OTHER_CASHIER)

    def came(self, told: Told) -> Came:
        """A notice after its signature was found right."""
        provider = self.payments.providers["sandbox"]
        return Came(provider, provider.read_notice(*told), "0" * 64)

    def away(self) -> AbstractContextManager[None]:
        """While this is open no answer of the gateway arrives."""
        return self.stage.lost_answers()

    def now_is_later(self, seconds: float) -> None:
        """Let time pass, and let the watch look."""
        self.ward.clock.advance(seconds)
        self.watch.look()

    def until_calm(self) -> None:
        """Let time pass until nothing has to be looked at any more."""
        for _ in range(200):
            self.now_is_later(60)
            if not self.unsettled():
                return
        raise AssertionError(f"never settled: {self.unsettled()}")

    def unsettled(self) -> list[Any]:
        """Orders and refunds that are not decided."""
        with self.ward.db.read() as conn:
            found: list[Any] = [order for order in orders_where(conn) if order.is_open]
            return found + [refund for refund in refunds_where(conn) if refund.is_open]

    def again(self, order: Order) -> Order:
        """As it stands now."""
        return self.payments.orders.called(order.id)

    def held(self) -> int:
        """The deposit of the stay."""
        with self.ward.db.read() as conn:
            assert available(conn, STAY_1) == held(conn, STAY_1)
            return held(conn, STAY_1)

    def entries(self) -> list[tuple[str, int]]:
        """Kind and amount of every entry of the ledger, by its key; and the books balance."""
        with self.ward.db.read() as conn:
            rows = conn.execute(select(ENTRY.c.kind, POSTING.c.amount_fen, ENTRY.c.id, ENTRY.c.key).join(POSTING)).all()
        sums: dict[str, int] = {}
        for row in rows:
            sums[row.id] = sums.get(row.id, 0) + row.amount_fen
        assert set(sums.values()) <= {0}
        return sorted((row.kind, row.amount_fen) for row in rows if row.amount_fen > 0)

    def balances(self) -> dict[str, int]:
        """Every account that does not stand at nothing."""
        with self.ward.db.read() as conn:
            rows = conn.execute(select(POSTING.c.account, POSTING.c.amount_fen)).all()
        sums: dict[str, int] = {}
        for account, amount_fen in rows:
            sums[account] = sums.get(account, 0) + amount_fen
        return {account: total for account, total in sums.items() if total}

    def final(self) -> dict[str, Any]:
        """What must be the same in whatever order things happened: no ids and no instants."""
        with self.ward.db.read() as conn:
            orders, refunds = orders_where(conn), refunds_where(conn)
        names = ("amount_fen", "status", "paid_fen", "refunded_fen", "late", "fault")
        return {
            "orders": [{name: asdict(order)[name] for name in names} for order in orders],
            "refunds": [(refund.amount_fen, refund.status, refund.fault) for refund in refunds],
            "balances": self.balances(),
            "entries": self.entries(),
        }
