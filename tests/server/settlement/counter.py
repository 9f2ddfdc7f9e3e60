"""A cashier's counter over the small ward: charges, deposits, and somebody who does whatever a settlement waits for."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import select

from server.core import Core
from server.db import Database
from server.insurance.book import read_book
from server.insurance.codes import Level, Scheme, Status
from server.insurance.port import Card, CardKind
from server.money.charges import charge_by_hand
from server.money.deposits import deposit_in, held, unsettled
from server.money.ledger import ENTRY, POSTING, balances
from server.money.prices import E4, PriceList, sample_prices
from server.patients.service import encounter_view
from server.payments.orders import By, Wanted
from server.payments.service import Payments
from server.settlement.insurer import Cover, Insurer, LocalRules
from server.settlement.moves import Tools
from server.settlement.rows import Saga
from server.settlement.service import Settlements
from tests.server.money.books import check_books
from tests.server.settlement.houses import Fate, MemoryChannel, MemoryInsurer, MortalDatabase
from tests.server.wards import STAY_1, SmallWard
from wardlink.ids import new_id

CASHIER = By("staff:k1")
BEDSIDE = By("device:t1", "t1")
CARD = Card(CardKind.CARD, "card")
ONLINE = Cover(scheme=Scheme.EMPLOYEE, status=Status.IN_SERVICE, online=True)
OFFLINE = Cover(scheme=Scheme.EMPLOYEE, status=Status.IN_SERVICE)
BOOK = read_book()
RULES = LocalRules(lambda: BOOK, area="510100", level=Level.THIRD)
BED = "bed-3"


class Till:
    """The desk at which stay 1 is settled."""

    card = CARD

    def __init__(self, ward: SmallWard, *, prices: PriceList | None = None) -> None:
        self.ward = ward
        self.fate = Fate()
        self.channel = MemoryChannel(ward.clock, self.fate)
        self.insurer = MemoryInsurer(self.fate)
        self.prices = prices or sample_prices()
        self.settlements = self.server(ward.db)

    def server(self, db: Database) -> Settlements:
        """A server that has just started on this database."""
        core = Core(db, self.ward.clock)
        payments = Payments(core, {"sandbox": self.channel})
        return Settlements(Tools(core, payments, lambda: self.prices, RULES, self.insurer_of(core)))

    def insurer_of(self, core: Core) -> Insurer:
        """The insurance platform as this server reaches it."""
        return self.insurer

    def mortal(self) -> Settlements:
        """The same, and it can die."""
        return self.server(MortalDatabase(self.ward.db.url, self.fate))

    def charge(self, item: str = BED, quantity: int = 1) -> str:
        """Something was charged; the entry of the line."""
        found = self.prices.item(item)
        assert found is not None
        with self.ward.db.write() as conn:
            now = self.ward.clock.now()
            row = charge_by_hand(
                conn,
                encounter=STAY_1,
                item=found,
                quantity_e4=quantity * E4,
                at=now,
                reason="测试",
                key=new_id(),
                now=now,
                actor=CASHIER.actor,
            )
        self.ward.clock.advance(1)
        return str(row.entry)

    def cash_in(self, amount_fen: int, channel: str = "cash") -> None:
        """A deposit over the counter."""
        with self.ward.db.write() as conn:
            deposit_in(
                conn,
                encounter=STAY_1,
                amount_fen=amount_fen,
                channel=channel,
                key=new_id(),
                at=self.ward.clock.now(),
                actor=CASHIER.actor,
            )
        self.ward.clock.advance(1)

    def paid(self, amount_fen: int, purpose: Any = "deposit") -> None:
        """A deposit by code, paid."""
        orders = self.settlements.tools.payments.orders
        made = orders.create(Wanted(new_id(), STAY_1, purpose, amount_fen, "sandbox"), BEDSIDE)
        self.pay(made.out_trade_no)
        orders.look(made.id)

    def pay(self, out_trade_no: str) -> None:
        """Somebody pays at the channel."""
        self.channel.paid.add(out_trade_no)
        self.ward.clock.advance(1)

    def begin(self, cover: Cover | None = None) -> str:
        """A settlement of stay 1."""
        return self.settlements.begin(new_id(), STAY_1, cover, CASHIER).id

    def go(self, id: str, **how: Any) -> Saga:
        """Let it go on."""
        return self.settlements.go(id, CASHIER, **how)

    def until(self, id: str, step: str, server: Settlements | None = None) -> Saga:
        """Do what it waits for until it stands before this step, or is done."""
        server = server or self.settlements
        for _ in range(60):
            saga = server.go(id, CASHIER, card=self.card)
            if saga.step == step or not saga.is_open:
                return saga
            self.answer(server, saga)
        raise AssertionError(f"never at {step}: {saga}")

    def answer(self, server: Settlements, saga: Saga) -> None:
        """Do what it waits for."""
        code = (saga.wait or {}).get("code")
        if code == "audit":
            with self.ward.db.read() as conn:
                total_fen = unsettled(conn, STAY_1)
            server.audit(saga.id, total_fen=total_fen, by=CASHIER)
        elif code == "decide":
            server.decide(saga.id, by_estimate=True, reason="断网", by=CASHIER)
        elif code == "confirm":
            server.confirm(saga.id, cash_fen=saga.divided.cash_fen, by=BEDSIDE)
        elif code == "collect":
            order = server.pay(saga.id, key=saga.id, channel="sandbox", by=BEDSIDE)
            self.pay(order.out_trade_no)
        elif code == "payout":
            no = next(payout.no for payout in server.payouts(saga.id) if payout.by_hand)
            server.hand_out(saga.id, no=no, way="cash", by=CASHIER)
        else:
            # Somebody does not answer: time passes.
            self.ward.clock.advance(60)

    def books(self) -> dict[str, int]:
        """What does not stand at nothing; the books balance."""
        with self.ward.db.read() as conn:
            check_books(conn)
            return {account: fen for account, fen in balances(conn).items() if fen}

    def of_stay(self) -> tuple[int, int]:
        """What is held of the deposits, and what is not settled."""
        with self.ward.db.read() as conn:
            return held(conn, STAY_1), unsettled(conn, STAY_1)

    def entries(self) -> Counter[tuple[str, int]]:
        """Kind and amount of every entry."""
        with self.ward.db.read() as conn:
            rows = conn.execute(select(ENTRY.c.kind, POSTING.c.amount_fen).join(POSTING)).all()
        return Counter((kind, fen) for kind, fen in rows if fen > 0)

    def stay(self) -> Any:
        """The stay as it is."""
        with self.ward.db.read() as conn:
            return encounter_view(conn, STAY_1)
