"""What the gateway holds of codes, trades and refunds, and its rules. No HTTP, no signatures; instants come in.

A code is no trade: the trade is made by the scan. Source: ward domain sheet 7.4 (V2; sub codes K).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from workbench.gateways.keys import digits, word


class Refused(Exception):
    """A business refusal: sub_code and message, answered with code 40004."""

    def __init__(self, sub_code: str, message: str, code: str = "40004") -> None:
        super().__init__(sub_code)
        self.sub_code, self.message, self.code = sub_code, message, code


@dataclass
class Code:
    """What precreate was asked for. `until`: no scan makes a trade of it afterwards."""

    no: str
    fen: int
    subject: str
    until: datetime
    pays_within: timedelta
    notify_url: str
    qr: str = field(default_factory=lambda: f"https://qr.alipay.com/bax{word(17)}")


@dataclass
class Trade:
    """A trade, from the scan on. `state` is the API's trade_status."""

    code: Code
    made_at: datetime
    until: datetime
    state: str = "WAIT_BUYER_PAY"
    trade_no: str = field(default_factory=lambda: "2026" + digits(24))
    paid_at: datetime | None = None
    ended_at: datetime | None = None
    refunds: list[Refund] = field(default_factory=list)


@dataclass
class Refund:
    """A part that was given back; there are no refunds in progress here."""

    trade: Trade
    out_request_no: str
    fen: int
    at: datetime


class Book:
    """Everything the gateway remembers."""

    def __init__(self) -> None:
        self.codes: dict[str, Code] = {}
        self.trades: dict[str, Trade] = {}
        self.refunds: dict[tuple[str, str], Refund] = {}

    def precreate(self, code: Code) -> Code:
        """A code: a new one, or one more for the same trade."""
        trade, known = self.trades.get(code.no), self.codes.get(code.no)
        if trade is not None and trade.paid_at is not None:
            raise Refused("ACQ.TRADE_HAS_SUCCESS", "交易已被支付")
        if trade is not None and trade.state == "TRADE_CLOSED":
            raise Refused("ACQ.TRADE_HAS_CLOSE", "交易已经关闭")
        if known is not None and (known.fen, known.subject) != (code.fen, code.subject):
            raise Refused("ACQ.CONTEXT_INCONSISTENT", "交易信息被篡改")
        if known is not None:
            return known
        self.codes[code.no] = code
        return code

    def scan(self, qr: str, now: datetime) -> Trade | None:
        """Somebody scans: from here on there is a trade. None if the code is none, or too old."""
        code = next((each for each in self.codes.values() if each.qr == qr), None)
        return None if code is None else self._scan(code, now)

    def _scan(self, code: Code, now: datetime) -> Trade | None:
        if code.no not in self.trades and now < code.until:
            self.trades[code.no] = Trade(code, now, now + code.pays_within)
        return self.trades.get(code.no)

    def pay(self, qr: str, now: datetime) -> Trade | None:
        """Somebody scans and pays; None if they are not let."""
        code = next((each for each in self.codes.values() if each.qr == qr), None)
        return None if code is None else self.pay_code(code, now)

    def pay_code(self, code: Code, now: datetime) -> Trade | None:
        """The same, with the code itself."""
        trade = self._scan(code, now)
        if trade is None or trade.state != "WAIT_BUYER_PAY" or now >= trade.until:
            return None
        trade.state, trade.paid_at = "TRADE_SUCCESS", now
        return trade

    def trade(self, no: str) -> Trade:
        """The trade of the merchant's number."""
        try:
            return self.trades[no]
        except KeyError:
            raise Refused("ACQ.TRADE_NOT_EXIST", "交易不存在") from None

    def close(self, no: str, now: datetime) -> Trade:
        """End what is not paid."""
        trade = self.trade(no)
        if trade.state != "WAIT_BUYER_PAY":
            raise Refused("ACQ.REASON_TRADE_STATUS_INVALID", "交易状态不合法")
        trade.state, trade.ended_at = "TRADE_CLOSED", now
        return trade

    def cancel(self, no: str, now: datetime) -> tuple[Trade, str]:
        """End it whatever it is: what is paid is given back. With the action that was taken."""
        trade = self.trade(no)
        if trade.state == "WAIT_BUYER_PAY":
            return self.close(no, now), "close"
        if trade.state == "TRADE_SUCCESS":
            self.refund(no, f"cancel{no}", self.left(trade), now)
            return trade, "refund"
        return trade, ""

    def finish(self, no: str) -> None:
        """The time for refunds is over."""
        self.trade(no).state = "TRADE_FINISHED"

    def refund(self, no: str, out_request_no: str, fen: int, now: datetime) -> tuple[Refund, bool]:
        """Give back; the same number again gives back nothing. With whether money has moved now."""
        trade = self.trade(no)
        known = self.refunds.get((no, out_request_no))
        if known is not None:
            if known.fen != fen:
                raise Refused("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "退款金额与前次请求不一致")
            return known, False
        if trade.state == "TRADE_FINISHED":
            raise Refused("ACQ.TRADE_HAS_FINISHED", "交易已完结")
        if trade.state != "TRADE_SUCCESS":
            raise Refused("ACQ.TRADE_STATUS_ERROR", "交易状态不合法")
        if fen > self.left(trade):
            raise Refused("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "退款金额超限")
        made = self.refunds[no, out_request_no] = Refund(trade, out_request_no, fen, now)
        trade.refunds.append(made)
        if not self.left(trade):
            trade.state, trade.ended_at = "TRADE_CLOSED", now
        return made, True

    def given_back(self, trade: Trade) -> int:
        """Fen that were given back of it so far."""
        return sum(each.fen for each in trade.refunds)

    def left(self, trade: Trade) -> int:
        """Fen that could still be given back."""
        return trade.code.fen - self.given_back(trade)
