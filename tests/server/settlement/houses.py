"""A payment channel and an insurance platform in memory, each of which can go away; and a server that can die anywhere.

Death is counted: every transaction of the server and every call of another house is a place to die, before and after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar, TypeVar

from sqlalchemy import Connection

from server.db import Database
from server.payments.port import (
    BillRow,
    ChannelAway,
    Closing,
    Created,
    Found,
    Notice,
    NoticeAnswer,
    NoticeForged,
    PayAsk,
    Refund,
    RefundAsk,
    RefundFound,
    Trade,
)
from server.settlement.insurer import Bill, Division, InsurerAway, InsurerRefused
from wardlink.clock import Clock

T = TypeVar("T")


class Killed(BaseException):
    """The server has died here."""


class Fate:
    """Counts the places at which a server could die, and lets it die at one of them."""

    def __init__(self) -> None:
        self.at: int | None = None
        self.passed = 0

    def here(self) -> None:
        """One more such place."""
        self.passed += 1
        if self.passed == self.at:
            raise Killed

    def around(self, act: Callable[[], T]) -> T:
        """Do it, unless the server dies before, or does not live to see the answer."""
        self.here()
        found = act()
        self.here()
        return found


class MortalDatabase(Database):
    """A real database under a server that can die before and after each of its transactions."""

    def __init__(self, url: str, fate: Fate) -> None:
        super().__init__(url)
        self._fate = fate

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """As every database; the server may die around it."""
        self._fate.here()
        with super().write() as conn:
            yield conn
        self._fate.here()


@dataclass
class MemoryChannel:
    """A payment channel. `refuses`: it gives nothing back. `away`: so many next answers are lost, though it acts."""

    clock: Clock
    fate: Fate
    channel: ClassVar[str] = "sandbox"
    merchant: str = "m"
    refuses: bool = False
    away: int = 0
    trades: dict[str, int] = field(default_factory=dict)
    paid: set[str] = field(default_factory=set)
    refunds: dict[str, RefundFound] = field(default_factory=dict)

    def create(self, ask: PayAsk) -> Created:
        """A code for a trade."""
        self.trades[ask.out_trade_no] = ask.amount_fen
        return self._answer(lambda: Created(f"qr:{ask.out_trade_no}", ask.expires_at))

    def query(self, out_trade_no: str) -> Found:
        """How a payment stands."""
        if out_trade_no not in self.paid:
            return self._answer(lambda: Found(Trade.WAITING))
        fen = self.trades[out_trade_no]
        return self._answer(lambda: Found(Trade.PAID, f"t{out_trade_no}", fen, self.clock.now()))

    def shut(self) -> None:
        """Nothing to let go of."""

    def close(self, out_trade_no: str) -> Closing:
        """Let nobody pay it any more."""
        return self._answer(lambda: Closing.PAID if out_trade_no in self.paid else Closing.CLOSED)

    def refund(self, ask: RefundAsk) -> RefundFound:
        """Give money back, once by its number."""

        def act() -> RefundFound:
            state = Refund.REFUSED if self.refuses else Refund.DONE
            made = RefundFound(state, f"r{ask.out_refund_no}", ask.refund_fen, self.clock.now(), "OLD")
            return self.refunds.setdefault(ask.out_refund_no, made)

        return self._answer(act)

    def query_refund(self, out_trade_no: str, out_refund_no: str) -> RefundFound:
        """How a refund stands."""
        return self._answer(lambda: self.refunds.get(out_refund_no, RefundFound(Refund.ABSENT)))

    def read_notice(self, headers: Mapping[str, str], raw: bytes) -> Notice:
        """It sends none."""
        raise NoticeForged

    def answer(self, *, accepted: bool) -> NoticeAnswer:
        """It sends none."""
        return NoticeAnswer(204, None, b"")

    def bill(self, on: date) -> Iterable[BillRow]:
        """It has none."""
        return ()

    def given_back_fen(self) -> int:
        """What it has given back in all."""
        return sum(found.refund_fen or 0 for found in self.refunds.values() if found.state is Refund.DONE)

    def _answer(self, act: Callable[[], T]) -> T:
        found = self.fate.around(act)
        if self.away:
            self.away -= 1
            raise ChannelAway
        return found


@dataclass
class MemoryInsurer:
    """A platform that pays 60 % and settles a bill once. `times`: how often it was asked to settle."""

    fate: Fate
    refuses: str | None = None
    away: int = 0
    less_fen: int = 0
    lines: int = 0
    times: int = 0
    standing: dict[str, Division] = field(default_factory=dict)

    def upload(self, bill: Bill) -> None:
        """Take the lines."""

        def act() -> None:
            self.lines = len(bill.lines)

        self._answer(act)

    def presettle(self, bill: Bill) -> Division:
        """Who would pay what."""
        return self._answer(lambda: self._division(bill))

    def settle(self, bill: Bill) -> Division:
        """Settle."""

        if self.refuses is not None:
            raise InsurerRefused(reason=self.refuses)

        def act() -> Division:
            self.times += 1
            assert bill.settlement not in self.standing, "settled twice"
            settled = replace(self._division(bill, self.less_fen), reference="S1")
            self.standing[bill.settlement] = settled
            return settled

        return self._answer(act)

    def found(self, bill: Bill) -> Division | None:
        """What stands here."""
        return self._answer(lambda: self.standing.get(bill.settlement))

    def unsettle(self, bill: Bill) -> None:
        """Take it back."""
        self._answer(lambda: self.standing.pop(bill.settlement, None))

    def _division(self, bill: Bill, less_fen: int = 0) -> Division:
        fund_fen = bill.total_fen * 6 // 10 - less_fen
        return Division("platform", bill.total_fen, fund_fen, 0, 0, bill.total_fen - fund_fen)

    def _answer(self, act: Callable[[], T]) -> T:
        found = self.fate.around(act)
        if self.away:
            self.away -= 1
            raise InsurerAway
        return found
